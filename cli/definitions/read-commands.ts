import { type Command, Option } from 'commander';
import { moment } from '../ledger/moment.ts';
import { pauseSeconds, type Run, wholeNumber } from './shared-options.ts';

/** Commands that show what is going on. */
export function addReadCommands(root: Command, run: Run): void {
  root
    .command('status')
    .description('what every strategy does now, and why')
    .option('--strategy <id>', 'everything about this one')
    .option('--watch', 'redraw in place; on a pipe, print what has changed')
    .option('--interval <seconds>', 'how often --watch looks, at least one', pauseSeconds, 1)
    .option('--at <time>', 'what was then, rebuilt from the ledger alone; e.g. 2026-11-24T12:00:00Z', moment)
    .action((options, command) =>
      run(command, async (ctx) => (await import('../commands/status.ts')).status(ctx, options)),
    );
  root
    .command('calendar')
    .description('planned halts to come, under way and over, in UTC and venue-local time (runbook 4.1)')
    .option('--strategy <id>', 'only of this one')
    .action((options, command) =>
      run(command, async (ctx) => (await import('../commands/calendar.ts')).calendar(ctx, options)),
    );
  const list = root
    .command('runs')
    .description('runs of launch, stop and kill; one with its steps')
    .argument('[run]', 'id of a run')
    .option('--strategy <id>', 'only of this strategy')
    .option('--follow', 'stay with the run until it has ended')
    .option('--timeout <seconds>', 'follow for at most this long', wholeNumber, 600)
    .action((id, options, command) =>
      run(command, async (ctx) => (await import('../commands/runs.ts')).runs(ctx, id, options)),
    );
  list
    .command('gates')
    .description('every gate of a run with its findings; --replay computes go/no-go again from its evidence')
    .argument('[run]', 'id of a run')
    .option(
      '--replay',
      'compute the verdict again here, and say whether it is the archived one (exit 5 when it is not)',
    )
    .option('--file <path>', 'replay this go-no-go.json, without the control plane')
    .option('--save <path>', 'write the decision with its evidence to a new file')
    .action((id, options, command) =>
      run(command, async (ctx) => (await import('../commands/runs-gates.ts')).runsGates(ctx, id, options)),
    );
  root
    .command('executions')
    .description('executions of the state machines; one with its history')
    .argument('[name]', 'name of an execution')
    .action((name, _options, command) =>
      run(command, async (ctx) => (await import('../commands/executions.ts')).executions(ctx, name)),
    );
}

/** Commands that show what is on record. */
export function addRecordCommands(root: Command, run: Run): void {
  root
    .command('ledger')
    .description('entries of a log, new ones as they come, and proof that none was changed')
    .argument('<log>', 'a strategy, desk, or access')
    .option('--from <index>', 'first entry', wholeNumber)
    .option('--limit <count>', 'how many entries at most', wholeNumber, 100)
    .addOption(new Option('--order <order>', 'oldest or newest first').choices(['asc', 'desc']).default('asc'))
    .option('--type <type>', "only of this type; 'kill.' is all that begin so")
    .option('--actor <subject>', 'only of this person or service, by subject id')
    .option('--run <id>', 'only of this run')
    .option('--ticket <id>', 'only of this ticket')
    .option('--after <time>', 'only written then or later, e.g. 2026-11-24T12:00:00Z', moment)
    .option('--before <time>', 'only written earlier than that', moment)
    .option('--follow', 'print new entries as they come, from --from or else from now on, until Ctrl-C')
    .option('--verify', 'read the whole log and recompute its Merkle root here')
    .action((log, options, command) =>
      run(command, async (ctx) => (await import('../commands/ledger.ts')).ledger(ctx, log, options)),
    );
  root
    .command('kill-events')
    .description('every kill with its initiator and confirmer (runbook 5.1.2)')
    .action((_options, command) =>
      run(command, async (ctx) => (await import('../commands/kill-events.ts')).killEvents(ctx)),
    );
}
