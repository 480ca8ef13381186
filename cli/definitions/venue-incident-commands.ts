import { type Command, InvalidArgumentError } from 'commander';
import type { Run } from './shared-options.ts';

/** Commands for venues in trouble (runbook 5.3). */
export function addVenueIncidentCommands(root: Command, run: Run): void {
  const group = root
    .command('venue-incident')
    .description('venues in trouble: throttle, ticket, and a kill after five minutes (runbook 5.3)')
    .helpCommand(false);
  const commands = () => import('../commands/venue-incident.ts');
  group
    .command('add')
    .description('throttle what trades there and count the five minutes; with --ticket, log the ticket of its support')
    .requiredOption('--venue <mic>', 'its code (ISO 10383), e.g. XNYS')
    .option('--ticket <id>', 'number of the ticket with the support of the venue')
    .option('--strategy <id>', 'only this one; without it, every strategy that trades there')
    .option('--reason <text>', 'what is wrong, for people and the ledger')
    .option('--rate <orders>', 'orders per second; without it, the value of config/monitors.yaml', rate)
    .action((options, command) => run(command, async (ctx) => (await commands()).venueIncidentAdd(ctx, options)));
  group
    .command('ls')
    .description('the newest incident of each strategy with each venue')
    .option('--strategy <id>', 'only of this one')
    .option('--venue <mic>', 'only of this one')
    .option('--open', 'only what is not over')
    .action((options, command) => run(command, async (ctx) => (await commands()).venueIncidentList(ctx, options)));
  group
    .command('show')
    .description('one incident, with the file in which its run logs tickets')
    .argument('<incident>', 'its id, e.g. btc-momentum-XSIM')
    .action((id, _options, command) => run(command, async (ctx) => (await commands()).venueIncidentShow(ctx, id)));
  group
    .command('close')
    .description('end an incident early; refused while its venue is not stable')
    .argument('<incident>', 'its id, e.g. btc-momentum-XSIM')
    .requiredOption('--note <text>', 'why, for the ledger')
    .action((id, options, command) =>
      run(command, async (ctx) => (await commands()).venueIncidentClose(ctx, id, options)),
    );
}

function rate(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError('it has to be a number of orders per second, 0 or more.');
  return value;
}
