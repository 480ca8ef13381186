import { allEnded } from '../all-ended.ts';
import type { Ports } from '../ports/ports.ts';
import type { Strategy } from '../strategy.ts';
import { askForDueLifts } from './ask-for-due-lifts.ts';
import { confirmRestrictions } from './confirm-restrictions.ts';

/** Once a minute: what is obeyed by now is recorded, and people are asked about what was set for a time that is over. Answers how many strategies it did something for. */
export async function lookAfterRestrictions(
  strategies: readonly Strategy[],
  ports: Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter'>,
): Promise<number> {
  const [confirmed = 0, asked = 0] = await allEnded([
    confirmRestrictions(strategies, ports),
    askForDueLifts(strategies, ports),
  ]);
  return confirmed + asked;
}
