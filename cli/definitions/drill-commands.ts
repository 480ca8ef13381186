import type { Command } from 'commander';
import { type Run, STRATEGY } from './shared-options.ts';

/** Rehearsals, timed. */
export function addDrillCommands(root: Command, run: Run): void {
  const drill = root
    .command('drill')
    .description('rehearsals, timed and scored against their budgets')
    .helpCommand(false);
  drill
    .command('kill')
    .description('kill a strategy as a rehearsal: the real kill, and only where nothing is live (runbook 5.1)')
    .requiredOption(...STRATEGY)
    .option('--reason <text>', 'why, for the ledger')
    .action((options, command) =>
      run(command, async (ctx) => (await import('../commands/drill.ts')).drillKill(ctx, options)),
    );
  drill
    .command('show')
    .description('one drill: each phase beside its budget')
    .argument('<run>', 'id of the kill that it is')
    .action((id, _options, command) =>
      run(command, async (ctx) => (await import('../commands/drill-records.ts')).showDrill(ctx, id)),
    );
  drill
    .command('ls')
    .description('all drills, newest first')
    .action((_options, command) =>
      run(command, async (ctx) => (await import('../commands/drill-records.ts')).listDrills(ctx)),
    );
}
