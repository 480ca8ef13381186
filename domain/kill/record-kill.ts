import { type Approval, missingRoles } from '../approval/approval.ts';
import { approvalId } from '../approval/open-approval.ts';
import { nonceOf } from '../approval/sign-approval.ts';
import { change, readStrategy } from '../change.ts';
import { announce } from '../communications/announce.ts';
import { readDrill } from '../drill/read-drill.ts';
import { ActorId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { type RunStep, type StepResult, stepKey, withLedgerIndex } from '../run-step.ts';
import type { Latch } from '../strategy.ts';
import { askedElsewhere } from './asked-elsewhere.ts';
import { fileKillEvent } from './file-kill-event.ts';

/** How long `kill.asl.json` waits before it pages people: a signature that comes later ends that page. */
export const ESCALATED_AFTER_MS = 900_000;

/** Runbook 5.1.2: records the kill with both people, initiator and confirmer, in ledger and kill events. A repeated kill has none of its own. */
export async function recordKill(command: RunStep, ports: Ports): Promise<StepResult> {
  const { strategyId, runId } = command;
  const { latch } = await readStrategy(strategyId, ports);
  if (latch && latch.runId !== runId) return askedElsewhere(latch);
  const approval = await ports.records.get('APPROVAL', approvalId(command, 'kill-confirmation'));
  if (approval?.status !== 'complete')
    throw new Refusal(
      'ApprovalClosed',
      'this kill has not been confirmed by everybody who has to',
      'ask the people whose signature is missing',
      { missing: approval ? missingRoles(approval) : [] },
    );
  const { proofs, ...confirmed } = confirmationIn(approval, latch);
  const drill = (await readDrill(runId, ports)) !== undefined;
  const about = { strategyId, runId, drill };
  const isLate = Date.parse(confirmed.at) >= Date.parse(approval.openedAt) + ESCALATED_AFTER_MS;
  await fileKillEvent(runId, 'confirmed', { ...confirmed, ...(drill && { drill }) }, ports);
  const changed = await change(
    strategyId,
    stepKey(command, 'RecordKill'),
    (state) => ({
      state: { ...state, ...(state.latch && { latch: { ...state.latch, confirmedBy: confirmed.confirmer } }) },
      entries: [
        { type: 'kill.confirmed', actor: ActorId.parse('service:kill'), run: runId, payload: confirmed, proofs },
      ],
      records: [
        ...announce('kill-confirmed', about, ports.now()),
        ...(isLate ? announce('kill-overdue-confirmed', about, ports.now()) : []), // ends the page that it was late
      ],
      reply: { summary: `the kill of ${strategyId} is confirmed by both people`, verdict: 'done' as const },
    }),
    ports,
  );
  return withLedgerIndex(changed);
}

/** Who signed, initiator and confirmer, each with their signature. The confirmer is whoever did not kill; where no person killed, the last. */
function confirmationIn({ strategyId, runId, document, digest, signatures }: Approval, latch: Latch | undefined) {
  const given = signatures.filter(({ decision }) => decision === 'approve');
  const { initiator } = document;
  const last = given.filter(({ actor }) => actor !== initiator).at(-1);
  if (!last) throw new TypeError(`${runId} is confirmed by nobody but whoever killed`);
  return {
    strategy: strategyId,
    run: runId,
    initiator,
    ...(latch?.initiatorProof && { initiatorProof: latch.initiatorProof }), // stands in kill.requested
    confirmer: last.actor,
    at: last.at,
    digest,
    nonce: nonceOf(document),
    signatures: given.map(({ actor, role, at, proof }) => ({ actor, role, at, authenticator: proof?.authenticator })),
    proofs: given.flatMap(({ proof }) => proof ?? []),
  };
}
