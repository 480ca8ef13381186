import type { Command } from 'commander';
import { moment } from '../ledger/moment.ts';
import type { Run } from './shared-options.ts';

/** Commands about where strategies trade: when venues are open, and trading halts (runbook 1.3). */
export function addVenueCommands(root: Command, run: Run): void {
  const venue = root
    .command('venue')
    .description('when venues trade, and trading halts (runbook 1.3)')
    .helpCommand(false);
  venue
    .command('list')
    .description('every venue: open, closed or halted, and what comes next, in UTC and venue-local time')
    .action((_options, command) => run(command, async (ctx) => (await import('../commands/venue.ts')).venueList(ctx)));
  venue
    .command('show')
    .description('one venue: its next sessions, holidays, short days, maintenance and halts')
    .argument('<mic>', 'its code (ISO 10383), e.g. XNYS')
    .action((mic, _options, command) =>
      run(command, async (ctx) => (await import('../commands/venue.ts')).venueShow(ctx, mic)),
    );
  venue
    .command('halt')
    .description('say that trading is halted there: launches are postponed until the halt is over')
    .argument('<mic>', 'its code (ISO 10383), e.g. XNYS')
    .requiredOption('--reason <text>', 'what people are told')
    .option('--instrument <symbol>', 'only this one is halted')
    .option('--until <time>', 'when trading resumes, where the venue has said so; e.g. 2026-11-24T15:00:00Z', moment)
    .action((mic, options, command) =>
      run(command, async (ctx) => (await import('../commands/venue-halt.ts')).venueHalt(ctx, mic, options)),
    );
  venue
    .command('end-halt')
    .description('say that trading is resumed there')
    .argument('<mic>', 'its code (ISO 10383), e.g. XNYS')
    .argument('[halt]', 'id of the halt; without it, the one that stands')
    .action((mic, halt, _options, command) =>
      run(command, async (ctx) => (await import('../commands/venue-halt.ts')).venueEndHalt(ctx, mic, halt)),
    );
  venue
    .command('check')
    .description('judge calendar files as the deployment does, here and without a network')
    .argument('<files...>', 'e.g. config/venues/*.yaml')
    .action((files, _options, command) =>
      run(command, async (ctx) => (await import('../commands/venue-check.ts')).venueCheck(ctx, files)),
    );
}
