import * as z from 'zod';
import type { Approval } from '../approval/approval.ts';
import { approvalId } from '../approval/open-approval.ts';
import { verifyApproval } from '../approval/verify-approval.ts';
import type { Ports } from '../ports/ports.ts';
import { filedOf, signedPostMortem } from '../post-mortem/sign-off.ts';
import { Refusal } from '../refusal.ts';
import type { RunStep } from '../run-step.ts';
import type { Latch, Strategy } from '../strategy.ts';
import { killersOf } from './killers-of.ts';
import type { Carried } from './look-at-safety.ts';
import { OpenPosition } from './open-positions.ts';

const Document = z.looseObject({
  recovers: z.string(),
  postMortem: z.object({ digest: z.string() }),
  acceptedExposure: z.array(OpenPosition),
});

/**
 * What two people's signatures carry at this moment: they are complete, unexpired and of this epoch, of this latch and the post-mortem that
 * is the newest now, and given by nobody who killed or repeated the kill. Refuses otherwise.
 */
export async function carriedBy(
  run: RunStep,
  state: Strategy,
  latch: Latch,
  ports: Pick<Ports, 'records' | 'ledger' | 'now' | 'demoAuthenticators'>,
): Promise<Carried | Refusal> {
  const approval = verifyApproval(
    await ports.records.get('APPROVAL', approvalId(run, 'recovery')),
    state,
    ports.now(),
    ports.demoAuthenticators,
  );
  if (approval instanceof Refusal) return approval;
  const postMortem = signedPostMortem(await filedOf(latch.runId, ports), latch.runId);
  if (postMortem instanceof Refusal) return postMortem;
  const { recovers, postMortem: signed, acceptedExposure } = Document.parse(approval.document);
  if (recovers !== latch.runId || signed.digest !== postMortem.digest)
    return new Refusal(
      'DigestMismatch',
      `what was signed is not about this latch and the newest post-mortem`,
      'recover it anew',
      { signed: signed.digest, now: postMortem.digest },
    );
  return refuseKiller(approval, await killersOf(state, latch, ports)) ?? { postMortem, accepted: acceptedExposure };
}

function refuseKiller({ signatures }: Approval, killers: readonly string[]): Refusal | undefined {
  const killer = signatures.find(({ actor }) => killers.includes(actor));
  if (!killer) return undefined;
  return new Refusal(
    'SamePerson',
    `${killer.actor} killed, or repeated the kill, and signed its recovery`,
    'recover it anew, signed by others',
    { killers },
  );
}
