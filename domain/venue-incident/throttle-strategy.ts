import { type RestrictPorts, restrict } from '../ladder/restrict.ts';
import type { StepResult } from '../run-step.ts';
import { throttleOf } from './throttle-of.ts';
import { readWatched, type VenueStep } from './venue-step.ts';

/** Runbook 5.3.1: throttles to the mitigation rate, where the request that opened the incident has not. */
export async function throttleStrategy(step: VenueStep, ports: RestrictPorts): Promise<StepResult> {
  const { incident } = await readWatched(step, ports);
  const { summary, changed, receipt } = await restrict(throttleOf(incident), ports);
  return { summary, verdict: changed ? 'done' : 'nothing-to-do', ...(receipt && { ledgerIndex: receipt.index }) };
}
