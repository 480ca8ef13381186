import { openApproval, type Question } from '../approval/open-approval.ts';
import { type Changed, change } from '../change.ts';
import type { Decision } from '../decision.ts';
import type { ActorId, Digest, RunId } from '../ids.ts';
import { nonceOf } from '../launch/launch-plan.ts';
import { digestOfBytes } from '../ledger/digest.ts';
import type { EvidenceStore } from '../ports/evidence.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Latch, Strategy } from '../strategy.ts';
import { incidentOf } from './incident-of.ts';
import type { Action, PostMortem } from './post-mortem.ts';
import type { PostMortemRequest } from './post-mortem-request.ts';
import { readPostMortem, type WrittenPostMortem } from './read-post-mortem.ts';
import { signOffRoles } from './sign-offs.ts';

export type SubmitPostMortem = { runId: string; actor: ActorId; key: string; request: PostMortemRequest };
export type Submitted = {
  runId: RunId;
  version: number;
  file: string;
  digest: Digest;
  approval: string;
  summary: string;
};

export type PostMortemPorts = Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter'> & {
  /** `reports/incidents/` of the evidence bucket. */
  readonly incidents: Pick<EvidenceStore, 'createOnce' | 'read'>;
};

const SIGNED_WITHIN_MS = 30 * 24 * 3600_000;
const MOST_VERSIONS = 1_000;

/**
 * Runbook 5.1.4: files one more version of the post-mortem of a kill, written once, and puts it to the three people who sign it
 * off; sign-offs of earlier versions are void. The same text again is the same version. Refuses what is no kill, is not latched
 * any more, has no certificate yet, or is not whole.
 */
export async function submitPostMortem(
  { runId, actor, key, request }: SubmitPostMortem,
  ports: PostMortemPorts,
): Promise<Changed<Submitted>> {
  const incident = await incidentOf(runId, ports);
  const written = readPostMortem(request.text, incident.id);
  if (written instanceof Refusal) throw written;
  const before = await ports.records.get('POSTMORTEM', incident.id);
  const digest = digestOfBytes(request.text);
  const edition = before?.digest === digest ? before.edition : await freeVersion(incident.id, before, digest, ports);
  const file = fileOf(incident.id, edition);
  await ports.incidents.createOnce(file, request.text);
  const submission = { actor, written, request, edition, file, digest };
  return change(
    incident.strategyId,
    { key, body: { run: incident.id, digest, serviceOwner: request.serviceOwner } },
    async (state) =>
      submit(
        state,
        { ...submission, run: incident.id, before: await ports.records.get('POSTMORTEM', incident.id) },
        ports.now(),
      ),
    ports,
  );
}

const fileOf = (runId: RunId, edition: number): string => `reports/incidents/${runId}/v${edition}.md`;

/** The next number under which nothing stands, or this very text from a try whose record got lost. */
async function freeVersion(
  runId: RunId,
  before: PostMortem | undefined,
  digest: Digest,
  { incidents }: PostMortemPorts,
): Promise<number> {
  for (let edition = (before?.edition ?? 0) + 1; edition <= MOST_VERSIONS; edition += 1) {
    const there = await incidents.read(fileOf(runId, edition));
    if (!there || there.hash === digest) return edition;
  }
  throw new Refusal('PostMortemInvalid', `${runId} has ${MOST_VERSIONS} versions already`, 'sign the newest one', {});
}

type Submission = {
  run: RunId;
  actor: ActorId;
  written: WrittenPostMortem;
  request: PostMortemRequest;
  edition: number;
  file: string;
  digest: Digest;
  before: PostMortem | undefined;
};

/** The rule: a latch that still stands, its own certificate, and a version that nobody else has taken meanwhile. */
function submit(state: Strategy, submission: Submission, now: Date): Decision<Submitted> | Refusal {
  const { run, edition, file, digest, actor, written, before, request } = submission;
  const latch = requireLatch(state, run, written);
  if (latch instanceof Refusal) return latch;
  if (before && before.edition >= edition && before.digest !== digest)
    return new Refusal(
      'Contended',
      `somebody has just submitted version ${before.edition}`,
      'read it, then submit yours again',
    );
  const record: PostMortem = {
    ...{ id: run, strategyId: state.id, edition, file, digest, submittedBy: actor, at: now.toISOString() },
    serviceOwner: request.serviceOwner,
    actions: actionsOf(written, before, { actor, now }),
  };
  const step = { strategyId: state.id, runId: run, epoch: state.epoch };
  const { records = [], entries } = openApproval(state, step, questionOf(record, state, now), now);
  const blocking = record.actions.filter((action) => action.blocking).length;
  return {
    state,
    entries: [
      {
        type: 'post-mortem.submitted',
        actor,
        run,
        payload: {
          version: edition,
          file,
          digest,
          certificate: written.certificate,
          actions: record.actions.length,
          blocking,
        },
      },
      ...entries,
    ],
    records: [{ kind: 'POSTMORTEM', record }, ...records],
    reply: {
      ...{ runId: run, version: edition, file, digest, approval: `${run}-post-mortem` },
      summary: `version ${edition} of the post-mortem of ${run} is filed; ${signOffRoles(request.serviceOwner).join(', ')} sign it off`,
    },
  };
}

function requireLatch({ id, latch }: Strategy, run: RunId, { certificate }: WrittenPostMortem): Latch | Refusal {
  if (latch?.runId !== run)
    return new Refusal('StrategyNotKilled', `${id} is not killed by ${run} any more`, 'look at its status', {
      latch: latch?.runId ?? null,
    });
  if (latch.certificate === undefined)
    return new Refusal(
      'KillNotProved',
      `${run} has no certificate yet`,
      'it is made when every venue says that nothing rests and a second person has confirmed the kill: look at the run',
    );
  if (latch.certificate === certificate) return latch;
  return new Refusal(
    'DigestMismatch',
    'the post-mortem names another kill certificate',
    `tradepulse-cli kill-certificate ${run}`,
    {
      expected: latch.certificate,
      actual: certificate,
    },
  );
}

/** What was done before stays done in a new version, by the action's words. */
const actionsOf = (
  { actions }: WrittenPostMortem,
  before: PostMortem | undefined,
  { actor, now }: { actor: ActorId; now: Date },
): Action[] =>
  actions.map(({ evidence, ...action }) => {
    const earlier = before?.actions.find(({ text }) => text === action.text)?.done;
    const done = earlier ?? (evidence === '' ? undefined : { evidence, at: now.toISOString(), by: actor });
    return { ...action, ...(done && { done }) };
  });

/** The document that is signed. The epoch is told and not asked for: killing again does not make what is written here wrong. */
function questionOf({ id, file, digest, edition, serviceOwner }: PostMortem, state: Strategy, now: Date): Question {
  const expiresAt = new Date(now.getTime() + SIGNED_WITHIN_MS).toISOString();
  const run = { strategyId: state.id, runId: id, epoch: state.epoch };
  return {
    kind: 'post-mortem',
    document: {
      ...{ action: 'sign off post-mortem', strategy: state.id, run: id, version: edition, file, digest },
      ...{ epoch: state.epoch, nonce: nonceOf(run, `post-mortem/${edition}/${digest}`), expiresAt },
    },
    requiredRoles: signOffRoles(serviceOwner),
  };
}
