import type { Command } from 'commander';
import { type Run, wholeNumber } from './shared-options.ts';

/** What the watchdog has found. */
export function addAlertCommands(root: Command, run: Run): void {
  root
    .command('alerts')
    .description('what the watchdog has found and still finds, the worst first (runbook 3)')
    .option('--strategy <id>', 'only of this one')
    .option('--all', 'those too that are over, of the last 30 days')
    .option('--limit <count>', 'how many of each at most', wholeNumber, 50)
    .action((options, command) =>
      run(command, async (ctx) => (await import('../commands/alerts.ts')).listAlerts(ctx, options)),
    );
}
