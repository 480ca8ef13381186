import { change, replyAgain } from '../change.ts';
import { changeLog } from '../change-log.ts';
import type { Run } from '../control-record.ts';
import { ActorId } from '../ids.ts';
import { digestOf } from '../ledger/digest.ts';
import { LogId } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import type { Trackers } from '../ports/trackers.ts';
import { runKey } from '../run-key.ts';
import { linkTicket } from '../ticket/link-ticket.ts';
import { githubRefIn } from '../ticket/ticket-ref.ts';
import type { Archived } from './extend-archive.ts';
import { manifestFile } from './manifest.ts';

export type LinkPorts = Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter'> & {
  readonly ledger: Pick<Ports['ledger'], 'commitTo'>;
  readonly trackers: Pick<Trackers, 'comment'>;
};

/** Whether the ticket says where the archive is; else why not, in plain words. */
export type Linked = { readonly linked: boolean; readonly summary: string };

const SERVICE = ActorId.parse('service:archive');
const DESK = LogId.parse('desk');

/**
 * Runbook 8, "audit artefacts stored and linked to ticket": our own ticket gets the key and the digest of the first manifest, one at GitHub a comment
 * with both, once. A ticket that cannot be written to is recorded (`archive.not-linked`), which the review finds: it fails nothing, and is tried again
 * by whoever calls this next.
 */
export async function linkArchive(run: Run, archived: Archived, ports: LinkPorts): Promise<Linked> {
  const earlier = await ports.records.get('COMMAND', linkedKey(run));
  if (earlier) return replyAgain<Linked>(earlier, digestOf(archived.first), linkedKey(run)).reply;
  const { ticket } = run;
  if (ticket === undefined) return record(run, archived, { ticket, problem: 'the run names no ticket' }, ports);
  const key = runKey(run, manifestFile(1));
  if (githubRefIn(ticket)) {
    const text = `The archive of ${run.id} is filed: \`${key}\`, manifest \`${archived.first}\`. Verify it: \`tradepulse-cli archive verify ${run.id}\`.`;
    const comment = await ports.trackers.comment(ticket, { text, marker: archived.first });
    return record(run, archived, { ticket, ...comment }, ports);
  }
  const link = { run: run.id, key, digest: archived.first, at: ports.now().toISOString() };
  const decide = async () => linkTicket(await ports.records.get('TICKET', ticket), ticket, link, SERVICE);
  const { reply } = await changeLog(DESK, { key: `${run.id}/link`, body: archived.first }, decide, ports);
  return record(run, archived, { ticket, ...(!reply && { problem: `there is no ticket ${ticket}` }) }, ports);
}

const linkedKey = ({ id }: Pick<Run, 'id'>): string => `${id}/archive-link`;

async function record(
  run: Run,
  { first }: Archived,
  { ticket, problem }: { readonly ticket: string | undefined; readonly problem?: string | undefined },
  ports: LinkPorts,
): Promise<Linked> {
  const linked = problem === undefined;
  const payload = { ticket: ticket ?? null, manifest: first, ...(problem !== undefined && { problem }) };
  const entry = { type: linked ? 'archive.linked' : 'archive.not-linked', actor: SERVICE, run: run.id, payload };
  const summary = linked ? `linked to ${ticket}` : `not linked to a ticket: ${problem}`;
  const { reply } = await change(
    run.strategyId,
    { key: linked ? linkedKey(run) : `${run.id}/archive-not-linked`, body: first },
    (state) => ({ state, entries: [entry], reply: { linked, summary } }),
    ports,
  );
  return reply;
}
