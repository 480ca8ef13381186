import { readStrategy } from '../change.ts';
import type { Delivery } from '../communications/delivery.ts';
import type { Run } from '../control-record.ts';
import type { RunId } from '../ids.ts';
import { Exposure } from '../kill/exposure.ts';
import { EXPOSURE_FILE } from '../kill/exposure-file.ts';
import { canonicalJson } from '../ledger/canonical-json.ts';
import type { Ports } from '../ports/ports.ts';
import { runKey } from '../run-key.ts';
import { readSettlement } from '../settle/read-settlement.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { acceptedOrders } from './accepted-orders-file.ts';
import { limitsFile } from './limits-file.ts';
import { parted } from './parted.ts';
import { positionsFile } from './positions-file.ts';
import type { RunEntries } from './run-entries.ts';
import { slaIncidents } from './sla-incidents.ts';
import { type DraftFile, telemetryFiles } from './telemetry-files.ts';
import { VENUE_INCIDENTS, venueIncidents } from './venue-incidents.ts';
import { writeFirst } from './write-first.ts';

export type RenderPorts = Pick<
  Ports,
  'strategies' | 'records' | 'evidence' | 'venues' | 'now' | 'jitter' | 'parseYaml'
>;

export const ORDERS_TOLD = 'orders.json';
const MOST_DELIVERIES = 1_000;

/** What a run's files are made from: its records, its ledger, and the minutes that were kept. */
export type Rendered = {
  readonly run: Run;
  readonly others: readonly Run[];
  readonly trace: RunEntries;
  readonly snapshots: readonly Snapshot[];
  readonly paths: readonly string[];
};

/** Runbook 4.5: writes what no step of the run has filed, each once: order logs, profit and loss, risk, positions, limits, telemetry, incidents. */
export async function renderFiles(given: Rendered, ports: RenderPorts): Promise<void> {
  const { run, trace, snapshots } = given;
  const drafts = [
    ...telemetryFiles(snapshots),
    { file: 'positions.json', lines: [await lastHeld(given, ports)] },
    { file: 'limits.json', lines: [await ownLimits(run, snapshots, ports)] },
    { file: 'sla_incidents.md', lines: [slaIncidents(trace.entries, await deliveriesOf(given, ports), snapshots)] },
    { file: 'venue_incidents.md', lines: [venueIncidents(await fragments(given, ports))] },
  ];
  for (const draft of drafts) await writeParts(run, draft, ports);
  if (await ports.evidence.read(runKey(run, ORDERS_TOLD))) return;
  const until = trace.until ?? ports.now().toISOString();
  const { lines, told } = await acceptedOrders({ strategyId: run.strategyId, since: run.startedAt, until }, ports);
  await writeParts(run, { file: 'orders.jsonl', lines }, ports);
  await writeFirst(runKey(run, ORDERS_TOLD), `${canonicalJson(told)}\n`, ports); // last: it says that the others are whole
}

async function writeParts(run: Run, { file, lines }: DraftFile, ports: Pick<Ports, 'evidence'>): Promise<void> {
  for (const part of parted(file, lines)) await writeFirst(runKey(run, part.file), part.text, ports);
}

async function lastHeld({ run, others, snapshots }: Rendered, ports: RenderPorts): Promise<string> {
  const kill = others.findLast(({ machine }) => machine === 'kill');
  const told = kill && (await ports.evidence.read(runKey(kill, EXPOSURE_FILE)));
  const exposure = told && Exposure.safeParse(JSON.parse(new TextDecoder().decode(told.bytes))).data;
  const settled = await readSettlement(run, ports);
  return positionsFile({ settlement: settled?.settlement, exposure, snapshot: snapshots.at(-1) });
}

async function ownLimits(run: Run, snapshots: readonly Snapshot[], ports: RenderPorts): Promise<string> {
  return limitsFile(await readStrategy(run.strategyId, ports), snapshots, ports);
}

async function deliveriesOf({ run, others }: Rendered, { records }: RenderPorts): Promise<Delivery[]> {
  const runs = new Set<RunId | undefined>([run.id, ...others.map(({ id }) => id)]);
  const deliveries = await records.list('DELIVERY', { limit: MOST_DELIVERIES });
  return deliveries.filter(({ runId }) => runId !== undefined && runs.has(runId));
}

const fragments = ({ run, paths }: Rendered, { evidence }: RenderPorts) =>
  Promise.all(
    paths
      .filter((path) => path.startsWith(VENUE_INCIDENTS))
      .map(async (file) => {
        const document = await evidence.read(runKey(run, file));
        return { file, text: new TextDecoder().decode(document?.bytes) };
      }),
  );
