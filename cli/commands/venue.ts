import type * as z from 'zod';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import type { Paint } from '../output/marks.ts';
import { utc } from '../output/marks.ts';
import { pairs, table } from '../output/table.ts';
import { type Venue, VenueDetails, Venues } from '../replies.ts';

type Moment = z.infer<typeof Venue>['opensAt'];
type Halt = z.infer<typeof Venue>['halts'][number];

/** Every venue in a line. */
export async function venueList(context: Context): Promise<void> {
  const { out } = context;
  const { venues } = await (await context.api('read')).get('/v1/venues', Venues);
  if (out.format === 'jsonl') return venues.forEach((venue) => void out.result(venue, ''));
  const rows = venues.map((each) => [
    ...[each.mic, stateOf(each), each.closedFor ?? '-', utc(each.opensAt?.utc), each.opensAt?.local],
    ...[utc(each.closesAt?.utc), each.halts.map(({ reason }) => reason).join('; ') || '-'],
  ]);
  const head = ['venue', 'state', 'closed for', 'opens', 'venue-local', 'closes', 'halts'];
  out.result(undefined, table(out.paint, head, rows, 'there is no venue'));
}

/** One venue, whole. */
export async function venueShow(context: Context, mic: string): Promise<void> {
  const { out } = context;
  const venue = await (await context.api('read')).get(venuePath(mic), VenueDetails);
  const { name, timeZone, covers, digest, sources } = venue;
  const about = pairs(out.paint, [
    ['venue', `${venue.mic}, ${name}`],
    ['state', `${stateOf(venue)}${venue.closedFor ? ` (${venue.closedFor})` : ''}`],
    ['opens', told(venue.opensAt)],
    ['closes', told(venue.closesAt)],
    ['calendar', `${covers.from} to ${covers.to}, ${timeZone}, ${digest}`],
    ...sources.map(({ years, basis, from }) => [`source ${years}`, `${from} (${basis})`] as const),
  ]);
  out.result(venue, [about, ...sections(out.paint, venue)].join('\n\n'));
}

/** The path of a venue. Refuses what is no code, before anything is asked. */
export function venuePath(mic: string): string {
  const code = mic.toUpperCase();
  if (/^[A-Z0-9]{4}$/.test(code)) return `/v1/venues/${code}`;
  throw new CliError('usage', `'${mic}' is no code of a venue`, 'look at: tradepulse-cli venue list');
}

const stateOf = ({ state }: { readonly state: string }): string => (state === 'halted' ? 'HALTED' : state);

const told = (moment: Moment): string | undefined => (moment ? `${utc(moment.utc)}, ${moment.local}` : undefined);

function sections(paint: Paint, venue: z.infer<typeof VenueDetails>): string[] {
  const days = [
    ...venue.holidays,
    ...venue.earlyCloses.map((each) => ({ ...each, name: `${each.name}: closes ${each.close}` })),
  ];
  const halts = [...venue.halts, ...venue.pastHalts];
  return [
    table(
      paint,
      ['trading date', 'opens', 'venue-local', 'closes'],
      venue.sessions.map((each) => [
        each.tradingDate,
        utc(each.opensAt.utc),
        each.opensAt.local,
        utc(each.closesAt.utc),
      ]),
      'no session within seven days',
    ),
    ...(days.length === 0 ? [] : [table(paint, ['date', 'out of the ordinary'], rowsOf(days), '')]),
    ...(venue.maintenance.length === 0
      ? []
      : [table(paint, ['maintenance', 'from', 'to', 'on'], windowsOf(venue.maintenance), '')]),
    ...((venue.noCancel ?? []).length === 0
      ? []
      : [table(paint, ['takes no cancels', 'from', 'to', 'on'], windowsOf(venue.noCancel ?? []), '')]),
    ...(halts.length === 0
      ? []
      : [table(paint, ['halt', 'of', 'since', 'over', 'by', 'reason'], halts.map(haltRow), '')]),
  ];
}

const rowsOf = (days: readonly { readonly date: string; readonly name: string }[]) =>
  days.toSorted((a, b) => (a.date < b.date ? -1 : 1)).map(({ date, name }) => [date, name]);

const windowsOf = (windows: z.infer<typeof VenueDetails>['maintenance']) =>
  windows.map(({ name, from, to, days, date }) => [name, from, to, date ?? days?.join(' ')]);

const haltRow = ({ id, instrument, since, until, endedAt, by, reason }: Halt) => [
  ...[id, instrument ?? 'all', utc(since)],
  ...[endedAt ? utc(endedAt) : until ? `at ${utc(until)}` : 'no', by, reason],
];
