import * as z from 'zod';
import { type Changed, change } from '../change.ts';
import type { Decision } from '../decision.ts';
import type { ActorId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Strategy } from '../strategy.ts';
import { incidentOf } from './incident-of.ts';
import { openBlockers, type PostMortem } from './post-mortem.ts';

export const ActionEvidence = z.strictObject({ evidence: z.string().trim().min(1).max(500) });
export type ActionEvidence = z.infer<typeof ActionEvidence>;

export type CompleteAction = { runId: string; number: number; actor: ActorId; key: string; request: ActionEvidence };
export type ActionCompleted = { runId: string; action: number; blockingLeft: number; summary: string };

/** Records that a corrective action is done, with its evidence; also long after the recovery. Voids no sign-off: the text stays. Refuses an action that there is not, and one that is done. */
export async function completeAction(
  { runId, number, actor, key, request }: CompleteAction,
  ports: Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter'>,
): Promise<Changed<ActionCompleted>> {
  const incident = await incidentOf(runId, ports);
  return change(
    incident.strategyId,
    { key, body: { runId, number, ...request } },
    async (state) => {
      const postMortem = await ports.records.get('POSTMORTEM', incident.id);
      return complete(state, postMortem, { runId, number, actor, request }, ports.now());
    },
    ports,
  );
}

function complete(
  state: Strategy,
  postMortem: PostMortem | undefined,
  { runId, number, actor, request }: Omit<CompleteAction, 'key'>,
  now: Date,
): Decision<ActionCompleted> | Refusal {
  const action = postMortem?.actions[number - 1];
  if (!postMortem || !action)
    return new Refusal(
      'NotFound',
      `${runId} has no corrective action ${number}`,
      `tradepulse-cli post-mortem show ${runId}`,
    );
  if (action.done)
    return new Refusal('AlreadyDecided', `action ${number} was done at ${action.done.at}`, 'nothing is left to do', {
      evidence: action.done.evidence,
    });
  const done = { evidence: request.evidence, at: now.toISOString(), by: actor };
  const record = { ...postMortem, actions: postMortem.actions.with(number - 1, { ...action, done }) };
  const blockingLeft = openBlockers(record).length;
  return {
    state,
    entries: [
      {
        type: 'post-mortem.action-done',
        actor,
        run: postMortem.id,
        payload: { version: postMortem.edition, action: number, evidence: request.evidence, blockingLeft },
      },
    ],
    records: [{ kind: 'POSTMORTEM', record }],
    reply: {
      ...{ runId, action: number, blockingLeft },
      summary: `action ${number} is done; ${blockingLeft} that block recovery are left`,
    },
  };
}
