import { ActorId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import { filedOf, signedPostMortem } from '../post-mortem/sign-off.ts';
import { Refusal } from '../refusal.ts';
import type { RunStep, StepResult } from '../run-step.ts';
import { recoveryStep } from './require-recovery.ts';

/** Runbook 5.1.4: the post-mortem of this very latch is signed off by three people, in the version that is the newest now. */
export async function checkPostMortem(command: RunStep, ports: Ports): Promise<StepResult> {
  return recoveryStep(
    command,
    'CheckPostMortem',
    async (state, latch) => {
      const postMortem = signedPostMortem(await filedOf(latch.runId, ports), latch.runId);
      if (postMortem instanceof Refusal) return postMortem;
      const { edition, file, digest } = postMortem;
      return {
        state,
        entries: [
          {
            type: 'recovery.post-mortem-signed',
            actor: ActorId.parse('service:recover'),
            run: command.runId,
            payload: { recovers: latch.runId, version: edition, file, digest },
          },
        ],
        reply: { summary: `the post-mortem of ${latch.runId} is signed off: version ${edition}`, verdict: 'go' },
      };
    },
    ports,
  );
}
