import type { Command } from 'commander';
import { moment } from '../ledger/moment.ts';
import type { Run } from './shared-options.ts';

/** Commands that hold launches up, and let them go on. */
export function addFreezeCommands(root: Command, run: Run): void {
  const commands = () => import('../commands/freezes.ts');
  root
    .command('freeze')
    .description('no new launches of what the scope covers, at once; what trades goes on (runbook 5.1.4)')
    .requiredOption('--scope <scope>', 'all, desk:<desk>, venue:<id>, or strategy:<id>')
    .requiredOption('--reason <text>', 'why, for whoever meets it and for the ledger')
    .option('--until <time>', 'when it ends by itself, e.g. 2026-11-24T12:00:00Z', moment)
    .action((options, command) => run(command, async (ctx) => (await commands()).freeze(ctx, options)));
  root
    .command('unfreeze')
    .description('lift a freeze: asks a risk officer and an SRE; once both have signed, the same command lifts it')
    .argument('<freeze>', 'its id')
    .requiredOption('--reason <text>', 'why, for those who sign and for the ledger')
    .action((id, options, command) => run(command, async (ctx) => (await commands()).unfreeze(ctx, id, options)));
  root
    .command('freezes')
    .description('every freeze that stands now, of whatever source, and what to do about it')
    .action((_options, command) => run(command, async (ctx) => (await commands()).listFreezes(ctx)));
}
