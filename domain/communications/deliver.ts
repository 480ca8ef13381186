import { claimed, reported } from './attempt.ts';
import { SEND_DEADLINE_MS } from './attempt-limits.ts';
import type { Courier } from './courier.ts';
import type { Delivery } from './delivery.ts';
import { deliveryStep } from './delivery-step.ts';
import { type Escalation, giveUp } from './escalate-delivery.ts';
import type { Channel } from './matrix.ts';

/** A delivery to carry: as it is when it is new, where its channel leads, and who may take over. */
export type Errand = { readonly draft: Delivery; readonly target: Channel; readonly escalation: Escalation };

/** One turn: how the delivery stands, in how long to come back (nothing: it is over, or in other hands), and how long its channel rests. */
type Turn = { readonly delivery: Delivery; readonly againMs?: number; readonly restMs?: number | undefined };

const LOST_RACE_MS = 20;
const LATE_REPORTS = 5;

/**
 * Runbook 6: carries one delivery as far as it gets in this round: claims it, asks the provider, records what came of it, and tries
 * again after a pause, until it is acknowledged, given up, in another courier's hands, or the time is over. Answers how it stands.
 */
export async function deliver(errand: Errand, courier: Courier): Promise<Delivery> {
  for (;;) {
    const { delivery, againMs } = await courier.lane(errand.draft.channel)(() => takeTurn(errand, courier));
    if (againMs === undefined || againMs > courier.leftMs()) return delivery;
    await courier.pause(againMs);
  }
}

async function takeTurn(errand: Errand, courier: Courier): Promise<Turn> {
  const stored = await courier.records.get('DELIVERY', errand.draft.id);
  const delivery = stored ?? errand.draft;
  if (courier.leftMs() <= 0) return { delivery };
  const step = deliveryStep(delivery, courier.now());
  if (step.do === 'send') return send(errand, stored, courier);
  if (step.do === 'give-up') return givenUp(delivery, step.why, errand, courier);
  return step.do === 'wait' && step.whose === 'ours'
    ? { delivery, againMs: untilDue(delivery, courier) }
    : { delivery };
}

/** After a final no there is no next try to wait for: it is given up at once. */
const untilDue = ({ nextAttemptAt }: Delivery, { now }: Courier): number =>
  nextAttemptAt === undefined ? 0 : Math.max(0, Date.parse(nextAttemptAt) - now().getTime());

async function send({ draft, target }: Errand, stored: Delivery | undefined, courier: Courier): Promise<Turn> {
  const delivery = claimed(stored ?? draft, stored !== undefined, courier.now());
  const isOurs = await courier.records.replace({ kind: 'DELIVERY', record: delivery });
  if (!isOurs) return { delivery, againMs: LOST_RACE_MS };
  const began = courier.elapsedMs();
  const { channel, subject, text, severity, audience, at, dedupKey, page, drill, strategyId } = delivery;
  const sent = await courier.channels.send(
    { channel, target, subject, text, severity, audience, at, dedupKey, page, drill, strategyId },
    { deadlineMs: SEND_DEADLINE_MS },
  );
  const told = { sent, tookMs: courier.elapsedMs() - began, random: courier.random(), now: courier.now() };
  const restMs = sent.outcome === 'retry' ? sent.afterMs : undefined;
  return { ...(await report(delivery, told, courier)), restMs };
}

/** Records what came of the try. A yes is recorded even when the claim has run out meanwhile and somebody else has sent it again; all else is left to them then. */
async function report(delivery: Delivery, told: Parameters<typeof reported>[2], courier: Courier): Promise<Turn> {
  const index = delivery.attempts.length - 1;
  let before = delivery;
  for (let late = 0; late < LATE_REPORTS; late += 1) {
    const next = reported(before, index, told);
    const isWritten = await courier.records.replace({ kind: 'DELIVERY', record: next });
    if (isWritten)
      return next.status === 'waiting' ? { delivery: next, againMs: untilDue(next, courier) } : { delivery: next };
    const stands = await courier.records.get('DELIVERY', delivery.id);
    if (stands?.status !== 'waiting' || told.sent.outcome !== 'acknowledged') return { delivery: stands ?? before };
    before = stands;
  }
  return { delivery: before };
}

async function givenUp(delivery: Delivery, why: string, errand: Errand, courier: Courier): Promise<Turn> {
  const next = await giveUp(delivery, why, errand.escalation, courier);
  return next ? { delivery: next } : { delivery, againMs: LOST_RACE_MS };
}
