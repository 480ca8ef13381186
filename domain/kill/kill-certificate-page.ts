import type { Exposure, Held } from './exposure.ts';
import { type KillCertificate, NOT_KNOWN, type OrNotKnown } from './kill-certificate.ts';

type Row = readonly unknown[];

/** The certificate for people, in Markdown. It says nothing that the certificate does not say. */
export function killCertificatePage(certificate: KillCertificate): string {
  const { strategy, run, drill, exposure, entries } = certificate;
  return [
    `# Kill certificate: ${cell(strategy)}`,
    `Run ${cell(run)}. Made from the ledger entries listed at the end and from nothing else.`,
    ...(drill
      ? ['**This was a DRILL**: a rehearsal at paper or simulated venues. Its score is beside it, in `drill.md`.']
      : []),
    section('What happened', table(['what', 'when, who, why'], factsOf(certificate))),
    section('Engines', table(['instance', 'status', 'halted at', 'open orders, as it said'], enginesOf(certificate))),
    section('Orders, as the venues answered', ordersText(certificate)),
    section('Positions when the kill came', exposureText(exposure.atKill)),
    section('Residual exposure, when nothing rested any more', exposureText(exposure.residual)),
    'Positions were recorded and left as they are: the control plane closes none.',
    section(
      'Ledger receipts',
      table(
        ['log', 'index', 'type', 'at', 'leaf hash'],
        entries.map(({ log, index, type, at, leafHash }) => [log, index, type, at, leafHash]),
      ),
    ),
  ]
    .join('\n\n')
    .concat('\n');
}

const section = (title: string, body: string) => `## ${title}\n\n${body}`;

/** Text of other people stays in its cell: no line breaks, no bars, and no marks that a renderer would take for HTML. */
const cell = (value: unknown): string =>
  String(value)
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .replace(/[\\|<>&`*_[\]#]/g, (mark) => `\\${mark}`);

const line = (row: Row) => `| ${row.map(cell).join(' | ')} |`;

const table = (heads: Row, rows: readonly Row[]): string =>
  rows.length === 0 ? 'None.' : [line(heads), `|${heads.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');

function factsOf(certificate: KillCertificate): Row[] {
  const { decidedAt, reason, firstEngineHalt: halt, lastVenueZero, venues } = certificate;
  return [
    ['decided', decidedAt],
    ['reason', reason],
    ['initiator', personText(certificate.initiator)],
    ['confirmer', personText(certificate.confirmer)],
    ['first engine halted', halt === NOT_KNOWN ? halt : `${halt.at} (${halt.instanceId}, by its own clock)`],
    ['last venue zero', venues === NOT_KNOWN ? lastVenueZero : `${lastVenueZero} (${venues.join(', ')})`],
  ];
}

const proofText = ({ method, authenticator }: Readonly<Record<string, unknown>>) =>
  authenticator === undefined ? String(method) : `${method}, authenticator: ${authenticator}`;

function personText(person: KillCertificate['initiator']): string {
  if (person === NOT_KNOWN) return person;
  const proofs = person.proofs === NOT_KNOWN ? NOT_KNOWN : person.proofs.map(proofText).join(', ');
  return `${person.actor}, role ${person.role}, at ${person.at}; proof: ${proofs}`;
}

const enginesOf = ({ engines }: KillCertificate): Row[] =>
  engines === NOT_KNOWN
    ? [[NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN]]
    : engines.map(({ instanceId, status, haltedAt, resting }) => [instanceId, status, haltedAt, resting]);

function ordersText({ orders, ordersNotNamed, unanswered, engines }: KillCertificate): string {
  const heads = ['order', 'venue', 'what', 'first seen resting', 'last seen resting', 'cancel refused', 'outcome'];
  const rows = orders.map((order) => [
    order.orderId,
    order.venue,
    `${order.side} ${order.quantity} ${order.instrument} at ${order.price}`,
    order.firstSeenAt,
    order.lastSeenAt,
    order.cancelRefused.join('; ') || 'no',
    order.outcome,
  ]);
  const shown = rows.length === 0 ? 'No venue named an order that rested when it was asked.' : table(heads, rows);
  const note = 'Whether an order that rests no more was cancelled or filled is not known from this.';
  const said = engines === NOT_KNOWN ? 0 : engines.reduce((sum, { resting }) => sum + (Number(resting) || 0), 0);
  return [
    shown,
    ...(ordersNotNamed > 0 ? [`${ordersNotNamed} orders more were counted and not named.`] : []),
    ...(said > orders.length
      ? [
          `The engines counted ${said} open orders when they halted, the venues named ${orders.length}: of the others nothing is known.`,
        ]
      : []),
    ...unanswered.map(({ venue, at, why }) => `${cell(venue)} gave no usable answer at ${cell(at)}: ${cell(why)}`),
    ...(rows.length > 0 ? [note] : []),
  ].join('\n\n');
}

function exposureText(exposure: OrNotKnown<Pick<Exposure, 'currency' | 'venues'> & Partial<Exposure>>): string {
  if (exposure === NOT_KNOWN) return 'Not known.';
  const { currency, venues, engines = [] } = exposure;
  const rows = [
    ...venues.flatMap((told) => toldRows(told, 'the venue', currency)),
    ...engines.flatMap((told) =>
      toldRows(told, told.reportedAt === undefined ? 'the engine' : `the engine, at ${told.reportedAt}`, currency),
    ),
  ];
  return table(['where', 'said by', 'instrument', 'quantity', 'mark', 'notional'], rows);
}

function toldRows({ source, positions, unknown }: Exposure['venues'][number], by: string, currency: string | null) {
  if (!positions) return [[source, by, `${NOT_KNOWN}: ${unknown}`, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN]];
  if (positions.length === 0) return [[source, by, 'nothing', 0, '-', 0]];
  const money = currency ?? '(currency not known)';
  return positions.map(({ instrument, quantity, mark, notional }: Held) => [
    ...[source, by, instrument, quantity, mark],
    `${notional} ${money}`,
  ]);
}
