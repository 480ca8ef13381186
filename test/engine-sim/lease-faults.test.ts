import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { isDeep } from '../is-deep.ts';
import { haltOf, type LeaseSample, maxAndP99 } from './lease-samples.ts';
import { type LeasedEngines, leasedEngines } from './leased-engines.ts';
import { eventually } from './running-system.ts';

/** Deep: 25 engines under the product's own times, four rounds of them (one where a clock jumps). Else two, under a fifth of those times. */
const [ENGINES, ROUNDS, TIMES] = isDeep
  ? [25, 4, { ttlMs: 5_000, renewEveryMs: 1_000 }]
  : [2, 1, { ttlMs: 1_000, renewEveryMs: 200 }];
const BUDGET_MS = TIMES.ttlMs + 250;
/** The cancels leave at the halt; this is for the venue to carry out all of them at once, on whatever machine this is. */
const VENUES_OWN_MS = 1_000;
/** With replies that are merely late or sometimes lost an engine may go on; after this long none comes any more. */
const LONGEST_MS = 4 * TIMES.ttlMs;
const TEN_MINUTES = 600_000;
const SEED = 20_261_126;

type Fault = { begin(system: LeasedEngines): unknown; end(system: LeasedEngines): unknown };
const never = () => Promise.withResolvers<void>().promise;
const paused = (which: 'plane' | 'store'): Fault => ({
  begin: ({ pids }) => process.kill(pids[which], 'SIGSTOP'),
  end: ({ pids }) => process.kill(pids[which], 'SIGCONT'),
});
/** Replies go through what `delivery` says, drawn anew for each from a seed. */
const network = (delivery: (drawn: number) => Promise<void> | undefined): Fault => ({
  begin(system) {
    const drawn = fc.sample(fc.integer({ min: 0, max: 9_999 }), { seed: SEED, numRuns: 10_000 });
    const until = performance.now() + LONGEST_MS;
    system.network.deliver = () => (performance.now() > until ? never() : delivery(drawn.pop() ?? 0));
  },
  end(system) {
    system.network.deliver = () => undefined;
  },
});
/** Stopped, after both wall clocks were set off by that much. */
const stoppedAfterJump = (ms: number): Fault => ({
  async begin(system) {
    await paused('plane').begin(system);
    system.clock.offMs = ms;
  },
  async end(system) {
    system.clock.offMs = 0;
    await paused('plane').end(system);
  },
});
const planeClock = (ms: number): Fault => ({
  begin: ({ setPlaneClock }) => setPlaneClock(ms),
  end: ({ setPlaneClock }) => setPlaneClock(0),
});

const FAULTS: Readonly<Record<string, Fault>> = {
  'the control plane is stopped': paused('plane'),
  'its store hangs': paused('store'),
  'its store refuses connections': { begin: ({ wire }) => wire.cut(), end: ({ wire }) => wire.mend() },
  'replies come one to six seconds late': network((drawn) => delay(1_000 + drawn / 2, undefined, { ref: false })),
  'four of five replies are lost': network((drawn) => (drawn % 5 === 0 ? undefined : never())),
  "the control plane is stopped and the engines' wall clock is set back ten minutes": stoppedAfterJump(-TEN_MINUTES),
  "the control plane is stopped and the engines' wall clock is set ten minutes ahead": stoppedAfterJump(TEN_MINUTES),
  "the control plane's clock is set back ten minutes": planeClock(-TEN_MINUTES),
  "the control plane's clock is set ten minutes ahead": planeClock(TEN_MINUTES),
};
/** `npm test` takes this one: the engine has to tell the control plane, whose own leases never end. */
const SAMPLE = 'four of five replies are lost';

const TRIED = Object.entries(FAULTS).filter(([name]) => isDeep || name === SAMPLE);
const roundsOf = (what: string) => Array.from({ length: what.includes('clock') ? 1 : ROUNDS });

/** Judged in `npm run test:deep` only: elsewhere a busy machine would decide, not the engine. */
const isLate = ({ halted, venueEmpty }: LeaseSample): boolean =>
  isDeep && (halted > BUDGET_MS || venueEmpty > BUDGET_MS + VENUES_OWN_MS);

describe(`${ENGINES} engines that trade under leases of ${TIMES.ttlMs} ms`, () => {
  let system: LeasedEngines;
  before(async () => {
    system = await leasedEngines(ENGINES, TIMES);
  });
  after(() => system.close());

  const report = (what: string, name: keyof LeaseSample, samples: readonly LeaseSample[]) => {
    const { max, p99 } = maxAndP99(samples.map((sample) => sample[name]));
    return `${what}, ${samples.length} times: ${name} after at most ${max.toFixed(0)} ms, p99 ${p99.toFixed(0)}, of ${BUDGET_MS}`;
  };
  const isSafeEverywhere = async (epoch: number) => {
    const states = await Promise.all(system.ids.map(system.stateOf));
    return states.filter((state) => state.mode === 'SAFE' && state.epoch === epoch + 1).length;
  };

  /** From trading through the fault to its end; the strategies are SAFE at the next epoch then, and no engine is armed. */
  const round = async (fault: Fault): Promise<LeaseSample[]> => {
    const epoch = await system.trade();
    const halts = system.instances.map((instance) => haltOf(instance, system.resting));
    await fault.begin(system);
    const samples = await Promise.all(halts);
    await fault.end(system);
    await eventually(
      () => isSafeEverywhere(epoch),
      (count) => count === ENGINES,
      20_000,
    );
    const told = () => system.instances.filter(({ core }) => core.state().lease?.epoch === epoch + 1);
    await eventually(
      () => told().length,
      (count) => count === ENGINES,
      20_000,
    );
    const live = system.instances.filter(
      ({ core }) => core.state().armedEpoch !== null || core.inForce().mode !== 'SAFE',
    );
    assert.deepEqual(live, []);
    return samples;
  };

  for (const [what, fault] of TRIED)
    it(`all halt in time when ${what}, leave nothing at the venue, and stay halted when it is over`, async (test) => {
      const samples: LeaseSample[] = [];
      for (const _ of roundsOf(what)) samples.push(...(await round(fault)));

      for (const name of ['halted', 'venueEmpty'] as const) test.diagnostic(report(what, name, samples));
      assert.deepEqual(samples.filter(isLate), []);
    });
});
