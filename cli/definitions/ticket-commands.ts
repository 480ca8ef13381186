import type { Command } from 'commander';
import { type Run, STRATEGY } from './shared-options.ts';

/** Commands about deployment tickets of our own (runbook 1.1). */
export function addTicketCommands(root: Command, run: Run): void {
  const ticket = root.command('ticket').description('deployment tickets (runbook 1.1)').helpCommand(false);
  const commands = () => import('../commands/ticket.ts');
  ticket
    .command('open')
    .description('open a ticket for one change of one strategy')
    .requiredOption('--title <text>', 'what is to change')
    .requiredOption(...STRATEGY)
    .requiredOption('--env <environment>', 'e.g. prod')
    .option('--id <id>', 'e.g. OPS-12; without it, a number of ours')
    .action((options, command) => run(command, async (ctx) => (await commands()).ticketOpen(ctx, options)));
  ticket
    .command('approve')
    .description('say that the change may be deployed: somebody else than who opened it')
    .argument('<ticket>', 'its id')
    .action((id, _options, command) =>
      run(command, async (ctx) => (await commands()).ticketDecide(ctx, id, 'approval')),
    );
  for (const [name, what, description] of [
    ['reject', 'rejection', 'say no, or withdraw your own: nothing is launched on it any more'],
    ['close', 'closure', 'the change is done with: nothing is launched on it any more'],
  ] as const)
    ticket
      .command(name)
      .description(description)
      .argument('<ticket>', 'its id')
      .option('--reason <text>', 'why, for the ledger')
      .action((id, options, command) =>
        run(command, async (ctx) => (await commands()).ticketDecide(ctx, id, what, options)),
      );
  ticket
    .command('list')
    .description('all tickets, newest first')
    .option(...STRATEGY)
    .action((options, command) => run(command, async (ctx) => (await commands()).ticketList(ctx, options)));
  ticket
    .command('show')
    .description('one ticket, with who approved it')
    .argument('<ticket>', 'its id')
    .action((id, _options, command) => run(command, async (ctx) => (await commands()).ticketShow(ctx, id)));
}
