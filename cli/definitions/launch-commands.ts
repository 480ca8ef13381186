import type { Command } from 'commander';
import { stopCommand } from './safety-commands.ts';
import { following, type Run, STRATEGY, signing } from './shared-options.ts';

/** Commands that make trading riskier: each ends in signatures of different people. */
export function addLaunchCommands(root: Command, run: Run): void {
  following(root.command('deploy'), 600)
    .description('start the launch of a strategy and follow it (runbook 2)')
    .requiredOption('--env <environment>', 'environment to launch in, e.g. prod')
    .requiredOption(...STRATEGY)
    .option('--artifact <digest>', 'sha256:... of the approved artifact; without it, the one in the signed manifest')
    .option('--ticket <id>', 'ticket that approves the change')
    .action((options, command) =>
      run(command, async (ctx) => (await import('../commands/deploy.ts')).deploy(ctx, options)),
    );
  signing(root.command('approve'))
    .description('read and sign what a launch or a kill asks for (runbook 2.3, 5.1.2)')
    .argument('[approval]', 'id of the approval')
    .option('--strategy <id>', 'instead of the id: the open approval of this strategy')
    .action((id, options, command) =>
      run(command, async (ctx) => (await import('../commands/approve.ts')).approve(ctx, id, options)),
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
