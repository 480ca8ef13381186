import { readRegistration } from '../change.ts';
import type { Run } from '../control-record.ts';
import { readDrill } from '../drill/read-drill.ts';
import type { StrategyId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import type { Registration } from '../registration.ts';
import { computedFreezes, type FreezeFacts } from './computed-freezes.ts';
import { covers, type Freeze, isStanding } from './freeze.ts';

const MOST_RUNS = 2_000;
const MOST_POST_MORTEMS = 1_000;
const MOST_REVIEWS = 1_000;

export type FreezePorts = {
  readonly records: Pick<Ports['records'], 'get' | 'list' | 'all'>;
  readonly now: () => Date;
};

/** Every freeze that covers a strategy now, of whatever source (product decision 11): the stored ones first, then those that its policy brings. */
export async function coveringFreezes(strategyId: StrategyId, ports: FreezePorts): Promise<Freeze[]> {
  const registration = await readRegistration(strategyId, ports);
  const [stored, facts] = await Promise.all([storedFreezesOf(registration, ports), freezeFacts([registration], ports)]);
  return [...stored, ...computedFreezes(registration, facts)];
}

/** Those that somebody or a kill has set, that stand now, and that cover this strategy: what refuses a launch before it begins. */
export const storedFreezesOf = async (registration: Registration, ports: FreezePorts): Promise<Freeze[]> =>
  (await storedFreezes(ports)).filter((each) => covers(each, registration));

/** Those that somebody or a kill has set and that stand now, whatever they cover. */
export async function storedFreezes({ records, now }: FreezePorts): Promise<Freeze[]> {
  const at = now();
  return (await records.all('FREEZE')).filter((each) => isStanding(each, at));
}

/** What the computed freezes of these strategies go by: the newest 2,000 runs of all strategies, and no more than are asked about. */
export async function freezeFacts(registrations: readonly Registration[], ports: FreezePorts): Promise<FreezeFacts> {
  const counted = new Set(registrations.filter(({ policy }) => policy.errorBudget).map(({ id }) => id));
  const [all, postMortems, reviews] = await Promise.all([
    counted.size > 0 ? ports.records.list('RUN', { limit: MOST_RUNS }) : [],
    ports.records.list('POSTMORTEM', { limit: MOST_POST_MORTEMS }),
    ports.records.list('REVIEW', { limit: MOST_REVIEWS }),
  ]);
  const runs = all.filter(({ strategyId }) => counted.has(strategyId));
  return { runs, drills: await drillsAmong(runs, ports), postMortems, reviews, now: ports.now() };
}

async function drillsAmong(runs: readonly Run[], { records }: FreezePorts): Promise<Set<string>> {
  const kills = runs.filter(({ machine }) => machine === 'kill');
  const drills = await Promise.all(kills.map(({ id }) => readDrill(id, { records })));
  return new Set(drills.filter((drill) => drill !== undefined).map(({ id }) => id));
}
