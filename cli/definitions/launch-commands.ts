import type { Command } from 'commander';
import { stopCommand } from './safety-commands.ts';
import { following, type Run, STRATEGY, signing } from './shared-options.ts';

/** Commands that make trading riskier: each ends in signatures of different people. */
export function addLaunchCommands(root: Command, run: Run): void {
  following(root.command('deploy'), 600)
    .description('show what a launch would do and what every gate says, then start it and follow it (runbook 2)')
    .option('--plan', 'only show it: nothing is started')
    .requiredOption('--env <environment>', 'environment to launch in, e.g. prod')
    .requiredOption(...STRATEGY)
    .option('--artifact <digest>', 'sha256:... of the approved artifact; without it, the one in the signed manifest')
    .option('--ticket <id>', 'ticket that approves the change')
    .action((options, command) =>
      run(command, async (ctx) => (await import('../commands/deploy.ts')).deploy(ctx, options)),
    );
  following(root.command('resume'), 600)
    .description(
      'bring back what is SAFE (reconciliation, two signatures, go/no-go), or lift a throttle or reduction (two signatures)',
    )
    .requiredOption(...STRATEGY)
    .requiredOption('--reason <text>', 'why it may trade again')
    .option('--ticket <id>', 'ticket of the incident; without it, that of the launch')
    .action((options, command) =>
      run(command, async (ctx) => (await import('../commands/resume.ts')).resume(ctx, options)),
    );
  const flag = root.command('flag').description('live.enabled, the flag that lets a strategy trade');
  signing(flag.command('enable'))
    .description('flip live.enabled after go/no-go, by signature (runbook 2.5)')
    .option('--run <id>', 'the launch')
    .option('--strategy <id>', 'instead of the run: the launch of this strategy that waits for it')
    .action((options, command) =>
      run(command, async (ctx) => (await import('../commands/flag.ts')).flagEnable(ctx, options)),
    );
  flag
    .command('status')
    .description('what the flag says for each strategy')
    .option('--strategy <id>', 'only this strategy')
    .action((options, command) =>
      run(command, async (ctx) => (await import('../commands/flag.ts')).flagStatus(ctx, options)),
    );
  stopCommand(flag.command('disable'), run).description('the same as stop');
}
