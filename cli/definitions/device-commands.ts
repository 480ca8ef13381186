import type { Command } from 'commander';
import type { Run } from './shared-options.ts';

/** Commands about the keys of machines and buttons, which can kill and nothing else. */
export function addDeviceCommands(root: Command, run: Run): void {
  const device = root.command('device').description('keys of machines and buttons that can kill').helpCommand(false);
  device
    .command('create')
    .description('make a key on this machine and enrol it; another person approves it')
    .requiredOption('--name <name>', 'e.g. office-button: a-z, 0-9 and -')
    .option('--button', 'for a button on the wall: it acts for itself, not for you')
    .option('--label <text>', 'what people call it')
    .action((options, command) =>
      run(command, async (ctx) => (await import('../commands/device.ts')).deviceCreate(ctx, options)),
    );
  device
    .command('ls')
    .description('every device, and what became of it')
    .action((_options, command) =>
      run(command, async (ctx) => (await import('../commands/device.ts')).deviceList(ctx)),
    );
  for (const [name, what, description] of [
    ['approve', 'approval', 'say that the key is what it is said to be: somebody else than who enrolled it'],
    ['revoke', 'revocation', 'take a key out of use for good'],
  ] as const)
    device
      .command(name)
      .description(description)
      .argument('<device>', 'its name')
      .action((id, _options, command) =>
        run(command, async (ctx) => (await import('../commands/device.ts')).deviceDecide(ctx, id, what)),
      );
  device
    .command('sync')
    .description('keep where the engines are, for kill --direct')
    .action((_options, command) =>
      run(command, async (ctx) => (await import('../commands/device.ts')).deviceSync(ctx)),
    );
}
