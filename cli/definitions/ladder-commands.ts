import type { Command } from 'commander';
import { type Run, STRATEGY } from './shared-options.ts';

/** Commands that hold back what trades: one person is enough, and the way back is `resume`. */
export function addLadderCommands(root: Command, run: Run): void {
  holding(root.command('throttle'))
    .description('fewer orders a second, at once; two people lift it (runbook 3.2, 5.3.1)')
    .option('--rate <n>', 'orders a second, 0 for none; without it, the share that config/monitors.yaml says')
    .action((options, command) =>
      run(command, async (ctx) => (await import('../commands/throttle.ts')).throttle(ctx, options)),
    );
  holding(root.command('reduce-only'))
    .description('only orders that close a position, at once; two people lift it')
    .action((options, command) =>
      run(command, async (ctx) => (await import('../commands/reduce-only.ts')).reduceOnly(ctx, options)),
    );
}

const holding = (command: Command): Command =>
  command
    .requiredOption(...STRATEGY)
    .option('--reason <text>', 'why, for the ledger; may be left out')
    .option('--for <duration>', 'after this long, 30m or 2h, two people are asked whether it may be lifted');
