import type { Command } from 'commander';
import { expiry } from '../manifest/expiry.ts';
import { type Run, STRATEGY } from './shared-options.ts';

/** Commands about soft no-goes that two designated people let pass (product decision 13). */
export function addOverrideCommands(root: Command, run: Run): void {
  const override = root
    .command('override')
    .description('let soft no-goes of a launch pass for a while; a hard one is overridden by nobody')
    .helpCommand(false);
  const commands = () => import('../commands/override.ts');
  override
    .command('request')
    .description('ask a risk officer and another designated person, neither of them a signer of the launch')
    .requiredOption('--run <id>', 'the launch that met them')
    .requiredOption('--check <check...>', 'which of its soft no-goes are to pass')
    .requiredOption('--reason <text>', 'why, for those who sign and for the ledger')
    .option('--expires <duration>', 'how long they may pass: 4h, and 1d at most', expiry, expiry('4h'))
    .option('--authoriser <role>', 'the role that authorises, of those that the policy designates')
    .action((options, command) => run(command, async (ctx) => (await commands()).overrideRequest(ctx, options)));
  override
    .command('list')
    .description('the overrides of a strategy, newest first, with what has become of each')
    .requiredOption(...STRATEGY)
    .action((options, command) => run(command, async (ctx) => (await commands()).overrideList(ctx, options)));
}
