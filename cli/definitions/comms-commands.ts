import { type Command, Option } from 'commander';
import { type Run, wholeNumber } from './shared-options.ts';

/** Messages to people, and the proof that they arrived. */
export function addCommsCommands(root: Command, run: Run): void {
  const comms = root.command('comms').description('messages to people, and their proof of delivery (runbook 6)');
  comms.helpCommand(false);
  const commands = () => import('../commands/comms.ts');
  comms
    .command('ls')
    .description('messages, newest first: channel, state, and how long they took')
    .option('--strategy <id>', 'only about this one')
    .option('--trigger <trigger>', 'only of this trigger, e.g. kill-switch')
    .addOption(new Option('--status <status>', 'only in this state').choices(['waiting', 'acknowledged', 'failed']))
    .option('--run <id>', 'only of this run')
    .option('--channel <name>', 'only over this channel')
    .option('--limit <count>', 'how many at most', wholeNumber, 50)
    .action((options, command) => run(command, async (ctx) => (await commands()).listDeliveries(ctx, options)));
  comms
    .command('show')
    .description('one message on one channel, as it was rendered, and every try')
    .argument('<delivery>', 'its id')
    .action((id, _options, command) => run(command, async (ctx) => (await commands()).showDelivery(ctx, id)));
  comms
    .command('test')
    .description('send a message that says it is a test to one channel, and wait for its acknowledgement')
    .argument('<channel>', "name of a channel, e.g. '#trading-ops'")
    .action((channel, _options, command) => run(command, async (ctx) => (await commands()).testChannel(ctx, channel)));
}
