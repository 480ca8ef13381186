import { type Command, Option } from 'commander';
import { type Run, STRATEGY } from './shared-options.ts';

/** Commands for what is halted before it has to be killed (runbook 5.2). */
export function addSafeModeCommands(root: Command, run: Run): void {
  root
    .command('safe-mode')
    .description('no new orders, resting ones cancelled and proved gone at the venues, or it is killed (runbook 5.2.1)')
    .requiredOption(...STRATEGY)
    .option('--reason <text>', 'why; may be left out')
    .action((options, command) =>
      run(command, async (ctx) => (await import('../commands/safe-mode.ts')).safeMode(ctx, options)),
    );
  const group = root
    .command('data-incident')
    .description('outages of market data, and what is exposed meanwhile (runbook 5.2.2, 5.2.3)')
    .helpCommand(false);
  const commands = () => import('../commands/data-incident.ts');
  group
    .command('ls')
    .description('data incidents that are not over')
    .addOption(new Option('--strategy <id>', 'of this strategy only'))
    .option('--all', 'those that are over, too')
    .action((options, command) => run(command, async (ctx) => (await commands()).dataIncidents(ctx, options)));
  group
    .command('show')
    .description('one of them: positions, open orders, profit and loss, and how old each feed is')
    .argument('<incident>', 'its id')
    .action((id, _options, command) => run(command, async (ctx) => (await commands()).dataIncident(ctx, id)));
  group
    .command('note')
    .description('note what was seen, decided or done')
    .argument('<incident>', 'its id')
    .requiredOption('--text <text>', 'at most 2,000 characters')
    .action((id, options, command) => run(command, async (ctx) => (await commands()).noteIncident(ctx, id, options)));
}
