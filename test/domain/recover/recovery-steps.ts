import { askForTwoSignatures } from '../../../domain/recover/ask-for-two-signatures.ts';
import { checkPostMortem } from '../../../domain/recover/check-post-mortem.ts';
import { checkSafety } from '../../../domain/recover/check-safety.ts';
import { liftLatch } from '../../../domain/recover/lift-latch.ts';
import { openRecovery } from '../../../domain/recover/open-recovery.ts';
import type { RunStep } from '../../../domain/run-step.ts';
import { risk } from '../../fakes/world.ts';
import { answer, type RecoverWorld, trader2 } from './a-killed-strategy.ts';

type Step = (made: RecoverWorld, run: RunStep) => Promise<unknown>;

/** The states of the machine in their order, as it runs them, with the two people and the checkpoint between them. */
export const STEPS: Readonly<Record<string, Step>> = {
  'Open recovery': (made, run) => openRecovery(run, made.ports),
  'Check post-mortem': (made, run) => checkPostMortem(run, made.ports),
  'Ask for two signatures': (made, run) => askForTwoSignatures({ ...run, taskToken: 'of-the-recovery' }, made.ports),
  'the trader signs': (made, run) => answer(made, run, 'recovery', trader2),
  'the risk officer signs': (made, run) => answer(made, run, 'recovery', risk),
  'a checkpoint is made': (made) => made.checkpoint(),
  'Check safety': (made, run) => checkSafety(run, made.recoverPorts),
  'Lift latch': (made, run) => liftLatch(run, made.recoverPorts),
};

/** Runs the machine until just before that state; all of it when none is named. */
export async function run(made: RecoverWorld, step: RunStep, until?: string): Promise<void> {
  for (const [name, act] of Object.entries(STEPS)) {
    if (name === until) return;
    await act(made, step);
  }
}
