import { type Command, Option } from 'commander';
import type { Run } from './shared-options.ts';

/** Commands for differences between positions and portfolio targets (runbook 3.3). */
export function addDriftCommands(root: Command, run: Run): void {
  const drift = root
    .command('drift')
    .description('positions that differ from their portfolio targets, and who has reviewed that (runbook 3.3)')
    .helpCommand(false);
  const commands = () => import('../commands/drift.ts');
  drift
    .command('ls')
    .description('the drift reviews that stand, newest first')
    .option('--strategy <id>', 'of one strategy')
    .addOption(new Option('--status <status>', 'only these').choices(['open', 'accepted', 'returned']))
    .action((options, command) => run(command, async (ctx) => (await commands()).driftList(ctx, options)));
  drift
    .command('review')
    .description('look at a drift review, or decide it: a quant or a risk officer')
    .argument('[id]', 'which; the only open one when left out')
    .addOption(
      new Option('--accept', 'it may be so: no news until it grows, or its target changes').conflicts('return'),
    )
    .addOption(new Option('--return', 'the positions have to be corrected'))
    .option('--note <text>', 'why, for the ledger')
    .action((id, options, command) => run(command, async (ctx) => (await commands()).driftReview(ctx, id, options)));
}
