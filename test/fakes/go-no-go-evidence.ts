import { collectEvidence } from '../../domain/launch/collect-evidence.ts';
import type { GoNoGoEvidence } from '../../domain/launch/go-no-go-evidence.ts';
import { untilGoNoGo } from './launch-steps.ts';
import { launching } from './world.ts';

/** The evidence of a launch in which everything is in order, as its steps left it. */
export async function completeEvidence(): Promise<GoNoGoEvidence> {
  const made = await launching();
  await untilGoNoGo(made);
  return collectEvidence(made.step, { machine: 'launch', confirmation: 'launch-confirmation' }, made.ports);
}
