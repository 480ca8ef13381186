import { markdownCell } from '../archive/markdown-cell.ts';
import type { DataIncident } from './data-incident.ts';
import type { EngineSeen, ExposureLook } from './exposure-look.ts';
import { feedWords } from './judge-oversight.ts';

type Row = readonly string[];
type Opened = Omit<DataIncident, 'file'>;

/** `data_incident.md`: the incident for people, from its template (docs/data-incident-runbook.md). It says nothing that the record does not say. */
export function dataIncidentPage(incident: Opened): string {
  const { id, strategyId, runId, tradingRun, owner, openedAt, reason, endedAt, outcome, notes, exposure } = incident;
  const ended = endedAt === undefined ? [] : [['ended', `${endedAt}: ${outcome}`]];
  return [
    `# Data incident ${id}`,
    table(
      ['what', ''],
      [
        ['strategy', strategyId],
        ['trading run', tradingRun ?? 'none'],
        ['safe mode', runId],
        ['opened', openedAt],
        ['reason', reason],
        ['owner', owner],
        ['feeds', feedWords(incident)],
        ...ended,
      ],
    ),
    `## Exposure at ${exposure.at}`,
    'Positions are recorded and left as they are: the control plane closes none.',
    exposureTable(exposure),
    '## Course',
    table(
      ['at', 'notional', 'open orders', 'unrealised', 'oldest feed, ms'],
      incident.course.map(({ at, notional, openOrders, unrealised, feedMs }) => [
        at,
        ...[notional, openOrders, unrealised, feedMs].map(orUnknown),
      ]),
    ),
    '## Notes',
    table(
      ['at', 'by', 'note'],
      notes.map(({ at, by, text }) => [at, by, text]),
    ),
    '## To do (docs/data-incident-runbook.md)',
    TO_DO.map((line) => `- [ ] ${line}`).join('\n'),
    '',
  ].join('\n\n');
}

const TO_DO = [
  'Find out which feed is out, and since when; call its provider, and note the ticket here',
  'Watch the exposure until feeds are stable; decide with the risk officer whether positions are hedged or reduced by hand',
  'Note what was decided, and by whom: tradepulse-cli data-incident note <incident> --text TEXT',
  'Resume by two signatures once feeds are stable and books agree, or stop the strategy',
];

function exposureTable({ engines, venues }: ExposureLook): string {
  const held = (positions: EngineSeen['positions']) =>
    positions?.map(({ instrument, quantity, notional }) => `${quantity} ${instrument} (${notional})`).join(', ') ||
    'none';
  return table(
    ['source', 'open orders', 'positions', 'profit and loss', 'market data, ms', 'feature store, ms'],
    [
      ...venues.map(({ venue, openOrders, positions, unknown }) =>
        unknown === undefined
          ? [venue, orUnknown(openOrders), held(positions), '', '', '']
          : [venue, unknown, 'not known', '', '', ''],
      ),
      ...engines.map(({ instanceId, openOrders, positions, pnl, feeds }) => [
        instanceId,
        orUnknown(openOrders),
        positions ? held(positions) : 'not known',
        pnl ? `${pnl.realised} realised, ${pnl.unrealised} unrealised ${pnl.currency}` : 'not known',
        orUnknown(feeds.marketDataMs),
        orUnknown(feeds.featureStoreMs),
      ]),
    ],
  );
}

const orUnknown = (value: number | null | undefined): string => String(value ?? 'not known');

const line = (row: Row): string => `| ${row.map((cell) => markdownCell(cell)).join(' | ')} |`;

const table = (heads: Row, rows: readonly Row[]): string =>
  rows.length === 0 ? 'None.' : [line(heads), `|${heads.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
