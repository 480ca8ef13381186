import type { Command } from 'commander';
import type { Surroundings } from '../surroundings.ts';
import type { Run } from './shared-options.ts';

/** Commands about this machine: login, simulation, shell completion. */
export function addLocalCommands(root: Command, run: Run, { stdout }: Surroundings): void {
  root
    .command('login')
    .description('log in and keep the session; demo users of the local installation need no browser')
    .action((_options, command) => run(command, async (ctx) => (await import('../commands/login.ts')).login(ctx)));
  const sim = root.command('sim').description('the simulated engine, venues and channels of the local installation');
  sim
    .command('fault')
    .description(
      'inject a fault: freeze, stop-heartbeats, slow-acks, stale, slow-venue, and all that `sim faults` lists',
    )
    .argument('<name>', 'name of the fault')
    .option('--instance <id>', 'in this engine instance, venue or channel only')
    .option('--off', 'take it away again')
    .action((name, options, command) =>
      run(command, async (ctx) => (await import('../commands/sim.ts')).simFault(ctx, name, options)),
    );
  sim
    .command('faults')
    .description('all faults, and which are on')
    .action((_options, command) => run(command, async (ctx) => (await import('../commands/sim.ts')).simFaults(ctx)));
  root
    .command('outbox')
    .description('what Slack, PagerDuty and mail got from the local installation')
    .option('--channel <name>', 'over this channel only')
    .action((options, command) =>
      run(command, async (ctx) => (await import('../commands/outbox.ts')).outbox(ctx, options)),
    );
  root
    .command('completion')
    .description('script for the completion of your shell')
    .argument('<shell>', 'bash, zsh or fish')
    .action(async (shell) => void stdout.write((await import('../completion.ts')).completion(root, shell)));
  root
    .command('reference', { hidden: true })
    .description('print docs/cli.md')
    .action(async () => void stdout.write((await import('../reference.ts')).reference(root)));
}
