import type { Command } from 'commander';
import { pauseSeconds, type Run } from './shared-options.ts';

/** What watches strategies, and the control plane itself. */
export function addMonitorCommands(root: Command, run: Run): void {
  root
    .command('monitors')
    .description('heartbeats, latency, drift, use of limits and alerts of every strategy, live (runbook 3)')
    .option('--strategy <id>', 'only of this one')
    .option('--watch', 'redraw in place; on a pipe, print again and again')
    .option('--interval <seconds>', 'how often --watch looks, at least one', pauseSeconds, 1)
    .action((options, command) =>
      run(command, async (ctx) => (await import('../commands/monitors.ts')).monitors(ctx, options)),
    );
  root
    .command('health')
    .description('the health of the control plane itself')
    .action((_options, command) => run(command, async (ctx) => (await import('../commands/health.ts')).health(ctx)));
}
