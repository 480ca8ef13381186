import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { arm, halt } from '../../engine-sim/engine/command-rules.ts';
import { type EngineState, FRESH, type Instant } from '../../engine-sim/engine/engine-state.ts';
import { instanceCore } from '../../engine-sim/engine/instance-core.ts';
import { latchStore } from '../../engine-sim/engine/latch-store.ts';
import { disarmed, loseLease, takeLease } from '../../engine-sim/engine/lease-rules.ts';

const TTL_MS = 5_000;
const TEN_MINUTES = 600_000;
const digest = `sha256:${'a'.repeat(64)}`;
const loaded = { artifactDigest: digest, limitsDigest: digest, parametersDigest: digest, parameters: {}, limits: {} };
const armed = { strategyId: 's', runId: 'r', artifactDigest: digest, limitsDigest: digest, maxOrdersPerSec: 8 };

const root = mkdtempSync(join(tmpdir(), 'lease-any-network-'));
after(() => rm(root, { recursive: true, force: true }));

/** One engine in time that a test passes, with a disk that keeps what was written, and everything that it ever sent. */
function engine() {
  const clock = { elapsed: 0, wall: 1_767_623_400_000 };
  const disk = { state: { ...FRESH, loaded } };
  const store = {
    read: () => disarmed(disk.state),
    write: async (state: typeof disk.state) => void Object.assign(disk, { state }),
  };
  const open = () =>
    instanceCore('i', store, { elapsed: () => clock.elapsed, wall: () => clock.wall }, () => undefined);
  const sent: Instant[] = [];
  return { clock, open, sent };
}

/** What a network, a control plane and two clocks can do to an engine. A reply answers any request so far: late, twice, in any order. */
const anyEvent = fc.oneof(
  { weight: 4, arbitrary: fc.record({ what: fc.constant('send' as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constantFrom('granted' as const, 'granted' as const, 'called expired' as const),
      request: fc.nat(40),
      epoch: fc.integer({ min: -2, max: 1 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ what: fc.constant('time' as const), ms: fc.integer({ min: 1, max: 4_000 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant('jump' as const), ms: fc.constantFrom(-TEN_MINUTES, TEN_MINUTES) }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constantFrom('halt' as const, 'restart' as const, 'arm' as const) }) },
);
type Event = typeof anyEvent extends fc.Arbitrary<infer Value> ? Value : never;

const ACTIVE = { mode: 'ACTIVE', maxOrdersPerSec: 10, expiresInMs: TTL_MS };
type Seen = {
  event: Event;
  before: { trades: boolean; epoch: number; halt: unknown };
  state: EngineState;
  trades: boolean;
  sent: readonly Instant[];
  now: Instant;
};

/** An engine that trades, and what each kind of event does to it. */
function trading() {
  const { clock, open, sent } = engine();
  const core = open();
  let arms = 0;
  const pass = (ms: number) => Object.assign(clock, { elapsed: clock.elapsed + ms, wall: clock.wall + ms });
  const grant = (request: Instant, epoch: number) =>
    void core.apply((state, at) => takeLease(state, request, { ...ACTIVE, epoch }, at));
  const start = () => {
    grant({ ...clock }, core.state().epoch);
    arms += 1;
    void core.apply((state, at) => arm(state, { ...armed, epoch: state.epoch, commandId: `arm-${arms}` }, at));
    pass(1);
    sent.push({ ...clock });
    grant({ ...clock }, core.state().epoch);
  };
  start();
  const epochBy = (event: Event) => Math.max(0, core.state().epoch + ('epoch' in event ? event.epoch : 0));
  const effects: Record<Event['what'], (event: Event) => unknown> = {
    send: () => sent.push({ ...clock }),
    granted: (event) => grant(sent['request' in event ? event.request % sent.length : 0] ?? clock, epochBy(event)),
    'called expired': (event) => core.apply((state) => loseLease(state, epochBy(event))),
    time: (event) => pass('ms' in event ? event.ms : 0),
    jump: (event) => Object.assign(clock, { wall: clock.wall + ('ms' in event ? event.ms : 0) }),
    halt: () => core.apply((state, at) => halt(state, { epoch: 0, reason: 'x' }, at)),
    restart: () => Object.assign(core, open()),
    arm: () => (core.inForce().mode === 'SAFE' && !core.state().halt ? start() : undefined),
  };
  const look = () => {
    const trades = core.inForce().mode !== 'SAFE';
    return { trades, state: core.state(), sent, now: { ...clock } };
  };
  return { effects, look };
}

/** Plays the events, and tells after each what is so and what went before. */
function play(events: readonly Event[], tell: (seen: Seen) => void): void {
  const { effects, look } = trading();
  for (const event of events) {
    const { trades, state } = look();
    effects[event.what](event);
    tell({ event, before: { trades, epoch: state.epoch, halt: state.halt }, ...look() });
  }
}

describe('an engine, whatever the network, the control plane and the clocks do,', () => {
  const always = (look: (seen: Seen) => void) =>
    fc.assert(
      fc.property(fc.array(anyEvent, { minLength: 1, maxLength: 60, size: 'max' }), (events) => play(events, look)),
      { seed: 20_261_126, numRuns: 1_000 },
    );

  it('never trades for longer than the lease after it asked for the newest lease it was granted', () => {
    let traded = 0;
    always(({ trades, state, sent, now }) => {
      if (!trades) return;
      traded += 1;
      assert.ok(state.lease && now.elapsed - state.lease.sent.elapsed < TTL_MS);
      assert.ok(now.elapsed - Math.max(...sent.map(({ elapsed }) => elapsed)) < TTL_MS);
    });
    assert.ok(traded > 100, 'it does trade');
  });

  it('never begins to trade by anything but an arm', () =>
    always(({ event, before, trades }) => assert.ok(!trades || before.trades || event.what === 'arm')));

  it('never goes back to a lower epoch, not by a restart either', () =>
    always(({ before, state }) => assert.ok(state.epoch >= before.epoch)));

  it('stays halted over everything but an arm, a restart included', () =>
    always(({ event, before, state }) => assert.ok(!before.halt || event.what === 'arm' || state.halt)));

  it('tells the epoch at which it lost its permission by itself, after a restart too', () => {
    let lapses = 0;
    always(({ event, before, state, trades }) => {
      if (!before.trades || trades || event.what === 'halt') return;
      lapses += 1;
      assert.notEqual(state.lapsedEpoch ?? state.halt, null);
    });
    assert.ok(lapses > 20, 'it does happen');
  });
});

describe('an engine that is started again', () => {
  const clock = { elapsed: () => 10, wall: () => 1_767_623_400_000 };
  const open = (id: string) => instanceCore(id, latchStore(root, id), clock, () => undefined);

  it('tells that it was armed, and is so no more', async () => {
    const core = open('armed');
    const sent = { elapsed: 1, wall: clock.wall() };
    await core.apply((state) => ({ ...state, loaded }));
    await core.apply((state, now) => takeLease(state, sent, { ...ACTIVE, epoch: 4 }, now));
    await core.apply((state, now) => arm(state, { ...armed, epoch: 4, commandId: 'arm' }, now));

    const { armedEpoch, lapsedEpoch, epoch } = open('armed').state();

    assert.deepEqual([armedEpoch, lapsedEpoch, epoch], [null, 4, 4]);
  });

  it('is halted as it was, with the same fence', async () => {
    await open('halted').apply((state, now) => halt({ ...state, epoch: 4 }, { epoch: 0, reason: 'loss' }, now));

    const { halt: latch, epoch } = open('halted').state();

    assert.deepEqual([latch?.reason, latch?.armFrom, epoch], ['loss', 5, 4]);
  });
});

describe('a lease that was asked for before the arm', () => {
  it('grants nothing when its reply comes after it', () => {
    const { clock, open } = engine();
    const core = open();
    const grant = (elapsed: number) =>
      void core.apply((state, at) => takeLease(state, { ...clock, elapsed }, { ...ACTIVE, epoch: 0 }, at));
    grant(0);
    clock.elapsed = 100;
    void core.apply((state, at) => arm(state, { ...armed, epoch: 0, commandId: 'arm' }, at));
    clock.elapsed = 200;

    grant(50);
    assert.equal(core.inForce().mode, 'SAFE');

    grant(150);
    assert.equal(core.inForce().mode, 'ACTIVE');
  });
});
