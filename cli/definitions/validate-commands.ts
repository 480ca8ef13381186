import type { Command } from 'commander';
import { following, type Run, STRATEGY } from './shared-options.ts';

/** Runbook 2.4 on its own: what a strategy would have sent, without sending it. */
export function addValidateCommands(root: Command, run: Run): void {
  following(root.command('validate'), 120)
    .description(
      'replay recorded trading minutes in dry-run and judge what would have been sent (runbook 2.4); changes nothing',
    )
    .requiredOption('--env <environment>', 'environment that the strategy is registered for, e.g. prod')
    .requiredOption(...STRATEGY)
    .option('--window <minutes>', 'how many of the newest recorded trading minutes, 1m to 60m', '15m')
    .option('--mode <mode>', 'dry-run: there is no other', 'dry-run')
    .action((options, command) =>
      run(command, async (ctx) => (await import('../commands/validate.ts')).validate(ctx, options)),
    );
  root
    .command('smoke')
    .description('the smoke report of a launch or a validation: every band, with the last good run beside it')
    .argument('<run>', 'id of the run')
    .action((id, _options, command) =>
      run(command, async (ctx) => (await import('../commands/smoke.ts')).smoke(ctx, id)),
    );
}
