import { type Command, Option } from 'commander';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
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
    .description('halt a strategy, a desk, a venue, or everything at once, without any question (runbook 5.1)')
    .option(...STRATEGY)
    .addOption(
      new Option('--scope <scope>', 'instead of a strategy: all, desk:<desk>, or venue:<id>').conflicts('strategy'),
    )
    .option('--reason <text>', 'why; may be left out')
    .option('--device <name>', 'sign with this device of this machine, and try no login')
    .option('--direct', 'straight to the engines, for when the control plane cannot be reached; signed by a device')
    .option('--report', 'with --direct: only tell the control plane of direct kills that it has not got')
    .action((options, command) => run(command, (ctx) => killWhat(ctx, options)));
}

type KillTarget = {
  readonly strategy?: string;
  readonly scope?: string;
  readonly reason?: string;
  readonly device?: string;
  readonly direct?: boolean;
  readonly report?: boolean;
};

async function killWhat(context: Context, { direct, report, ...options }: KillTarget): Promise<void> {
  const { strategy, scope } = options;
  if (report) return (await import('../commands/report-direct-kills.ts')).reportPendingKills(context, options.device);
  if (strategy === undefined && scope === undefined)
    throw new CliError('usage', 'kill what?', 'give --strategy <id>, or --scope all, desk:<desk> or venue:<id>');
  if (direct) return (await import('../commands/kill-direct.ts')).killDirect(context, options);
  if (strategy !== undefined) return (await import('../commands/kill.ts')).kill(context, { ...options, strategy });
  if (scope !== undefined) return (await import('../commands/kill-scope.ts')).killScope(context, { ...options, scope });
}

/** `stop`, and `flag disable`, which is the same. */
export function stopCommand(command: Command, run: Run): Command {
  return following(command, 600)
    .option(...STRATEGY)
    .option('--reason <text>', 'why, for the ledger')
    .option('--ticket <id>', 'ticket; without one, that of the launch')
    .option('--at <time>', 'stop at this time of day, HH:MM, within seven days, instead of now')
    .option('--tz <zone>', 'whose clocks --at is read on, e.g. Europe/London')
    .option('--on <date>', 'the date of --at, YYYY-MM-DD; without it, the next such time')
    .addOption(
      new Option('--cancel <halt>', 'take a planned halt back, which has not begun yet').conflicts(['at', 'tz', 'on']),
    )
    .action((options, self) => run(self, async (ctx) => (await import('../commands/stop.ts')).stop(ctx, options)));
}
