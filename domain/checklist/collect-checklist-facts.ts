import { isManifest, Manifest } from '../archive/manifest.ts';
import { attestedRunbook } from '../attestation/attested-runbook.ts';
import { messageId } from '../communications/announce.ts';
import { type Delivery, deliveryId } from '../communications/delivery.ts';
import type { Matrix } from '../communications/matrix.ts';
import type { Run } from '../control-record.ts';
import { KILL_EVENTS_FOLDER } from '../kill/kill-events-folder.ts';
import { jsonIn } from '../launch/json-in.ts';
import { decisionIn } from '../launch/read-decision.ts';
import { GO_NO_GO } from '../launch/run-files.ts';
import { LogId } from '../ledger/ledger-entry.ts';
import type { EvidenceDocument, EvidenceStore } from '../ports/evidence.ts';
import type { Ports } from '../ports/ports.ts';
import { AUDIT } from '../review/review-files.ts';
import { runKey } from '../run-key.ts';
import type { ChecklistFacts, FileNow } from './checklist-facts.ts';
import { type Course, courseOfRun } from './course-of-run.ts';
import { expectedMessages } from './expected-messages.ts';
import { firstEntryAfter } from './first-entry-after.ts';
import { readLogPart } from './read-log-part.ts';
import { requireLaunch } from './require-launch.ts';
import { soundLog } from './sound-log.ts';
import { filesIn } from './stored-artefacts.ts';
import { MOST_ESCALATIONS, type WantedMessage } from './told.ts';

export type ChecklistPorts = {
  readonly records: Pick<Ports['records'], 'get'>;
  readonly ledger: Pick<Ports['ledger'], 'page'>;
  readonly evidence: Pick<EvidenceStore, 'read'>;
};

const FILES_AT_ONCE = 16;

/** Reads everything that the checklist of a run is computed from; every file is read whole and hashed. Refuses what `requireLaunch` refuses. */
export async function collectChecklistFacts(runId: string, ports: ChecklistPorts): Promise<ChecklistFacts> {
  const run = await requireLaunch(runId, ports);
  const name = LogId.parse(run.strategyId);
  const [log, matrix, runbook] = await Promise.all([
    firstEntryAfter(name, run.startedAt, ports).then((from) => readLogPart(name, from, ports)),
    ports.records.get('MATRIX', 'communications'),
    attestedRunbook(ports),
  ]);
  const course = courseOfRun(run.id, soundLog(log).entries);
  const [named, deliveries] = await Promise.all([
    readFiles(keysOf(run, course), ports),
    deliveriesOf(expectedMessages(course), matrix, ports),
  ]);
  const documents = [...named, ...(await readFiles(archivedKeys(run, named), ports))];
  const files = Object.fromEntries(documents.map((document) => [document.key, fileNow(document)]));
  return { run, log, files, decision: decisionOf(run, documents), deliveries, matrix, runbook };
}

/** Every file that an entry names, and the few that one tells by their digest alone: the fragments of `kill_events.jsonl`, and the audit of the review. */
function keysOf(run: Run, { entries, kills }: Course): string[] {
  const named = entries.flatMap((each) => filesIn(each).map(({ key }) => key));
  const events = kills.flatMap((run) =>
    ['requested', 'confirmed'].map((event) => `${KILL_EVENTS_FOLDER}${run}-${event}.json`),
  );
  return [...new Set([...named, ...events, runKey(run, AUDIT)])];
}

/** What the manifests among these documents name, beside these. */
function archivedKeys(run: Run, documents: readonly EvidenceDocument[]): string[] {
  const known = new Set(documents.map(({ key }) => key));
  const manifests = documents.filter(({ key }) => isManifest(nameIn(key)));
  const files = manifests.flatMap(({ bytes }) => Manifest.safeParse(jsonIn(bytes)).data?.files ?? []);
  return [...new Set(files.map(({ path }) => runKey(run, path)))].filter((key) => !known.has(key));
}

const nameIn = (key: string): string => key.slice(key.lastIndexOf('/') + 1);

async function readFiles(keys: readonly string[], { evidence }: ChecklistPorts): Promise<EvidenceDocument[]> {
  const found: EvidenceDocument[] = [];
  for (let at = 0; at < keys.length; at += FILES_AT_ONCE) {
    const some = await Promise.all(keys.slice(at, at + FILES_AT_ONCE).map((key) => evidence.read(key)));
    found.push(...some.filter((each) => each !== undefined));
  }
  return found;
}

const fileNow = ({ key, hash, storedAt, bytes }: EvidenceDocument): FileNow => ({
  ...{ hash, storedAt },
  ...((key.startsWith(KILL_EVENTS_FOLDER) || isManifest(nameIn(key))) && { json: jsonIn(bytes) }),
});

function decisionOf(run: Run, documents: readonly EvidenceDocument[]): ChecklistFacts['decision'] {
  const document = documents.find(({ key }) => key === runKey(run, GO_NO_GO));
  const decision = document && decisionIn(document.bytes);
  return document && decision ? { hash: document.hash, decision } : undefined;
}

/** The deliveries of these messages over the channels of the matrix, and over those that took over from them. */
async function deliveriesOf(
  wanted: readonly WantedMessage[],
  matrix: Matrix | undefined,
  ports: ChecklistPorts,
): Promise<Delivery[]> {
  const chains = await Promise.all(
    wanted.flatMap(({ trigger, run }) =>
      (matrix?.rows[trigger]?.channels ?? []).map((channel) => chainOf(messageId(run, trigger), channel, ports)),
    ),
  );
  return chains.flat();
}

async function chainOf(message: string, first: string, { records }: ChecklistPorts): Promise<Delivery[]> {
  const chain: Delivery[] = [];
  let channel: string | undefined = first;
  for (let step = 0; channel !== undefined && step < MOST_ESCALATIONS; step += 1) {
    const delivery: Delivery | undefined = await records.get('DELIVERY', deliveryId(message, channel));
    if (delivery) chain.push(delivery);
    channel = delivery?.escalatedTo;
  }
  return chain;
}
