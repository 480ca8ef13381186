import type { Command } from 'commander';
import { following, type Run, STRATEGY } from './shared-options.ts';

/** Commands that make trading safer: one authorised person is enough. */
export function addSafetyCommands(root: Command, run: Run): void {
  stopCommand(root.command('stop'), run).description('planned stop: no new orders, drain, settle, off (runbook 4)');
  root
    .command('settle')
    .description('flush residual state after a drain (runbook 4.4)')
    .requiredOption(...STRATEGY)
    .action((options, command) =>
      run(command, async (ctx) => (await import('../commands/settle.ts')).settle(ctx, options)),
    );
  root
    .command('kill')
    .description('halt a strategy at once, without any question (runbook 5.1)')
    .requiredOption(...STRATEGY)
    .option('--reason <text>', 'why; may be left out')
    .action((options, command) =>
      run(command, async (ctx) => (await import('../commands/kill.ts')).kill(ctx, options)),
    );
}

/** `stop`, and `flag disable`, which is the same. */
export function stopCommand(command: Command, run: Run): Command {
  return following(command, 600)
    .requiredOption(...STRATEGY)
    .option('--reason <text>', 'why, for the ledger')
    .option('--ticket <id>', 'ticket; without one, that of the launch')
    .action((options, self) => run(self, async (ctx) => (await import('../commands/stop.ts')).stop(ctx, options)));
}
