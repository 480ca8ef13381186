import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { probeKillPath } from '../../../domain/launch/probe-kill-path.ts';
import { Refusal } from '../../../domain/refusal.ts';
import type { Registration } from '../../../domain/registration.ts';
import { rehearsal, XSIM } from '../../fakes/rehearsal.ts';
import { REGISTRATION, STRATEGY, stateOf } from '../../fakes/world.ts';

const pairs = ['btc-momentum-1', 'btc-momentum-2'];

describe('probeKillPath', () => {
  it('proves cancel, lease loss and block on every instance with real orders, halts them, and leaves nothing resting', async () => {
    const here = await rehearsal();

    const { verdict, killPathDigest } = await probeKillPath(here.step, here.ports);

    assert.equal(verdict, 'go');
    assert.match(killPathDigest, /^sha256:/);
    const { trials, left } = await here.report();
    assert.deepEqual(
      trials.map(({ instanceId, path, way, proved }) => [instanceId, path, way, proved]),
      pairs.flatMap((id) => ['cancel', 'lease-loss', 'block'].map((path) => [id, path, 'order', true])),
    );
    assert.deepEqual([here.venues.book, left.map(({ resting }) => resting)], [[], [0]]);
    assert.ok(pairs.every((id) => here.engines.stateOf(id).halt !== null));
    assert.ok(here.store.storyOf(STRATEGY).includes('kill-path.probed'));
  });

  it('rehearses once: a repeated step answers what the first one found', async () => {
    const here = await rehearsal();
    const first = await probeKillPath(here.step, here.ports);
    const calls = here.engines.calls.length;

    assert.deepEqual(await probeKillPath(here.step, here.ports), first);

    assert.equal(here.engines.calls.length, calls);
  });

  for (const [what, faults, check, said] of [
    [
      'an engine that does not cancel when it loses its lease',
      { deafToLeaseLoss: true },
      'lease-loss',
      /go on resting/,
    ],
    ['an engine that is deaf to a halt', { deafToHalt: true }, 'block', /a halted engine put out an order/],
    ['an engine that says it put out an order, and did not', { liar: true }, 'cancel', /never listed/],
    ['a venue that refuses our cancels', { refusesCancels: true }, 'cancel', /refused our cancel: no cancels now/],
  ] as const) {
    it(`says no to ${what}, and what happened`, async () => {
      const here = await rehearsal(faults);

      assert.equal((await probeKillPath(here.step, here.ports)).verdict, 'no-go');

      const no = (await here.noes()).find((each) => each.startsWith(`kill-path.btc-momentum-1.XSIM.${check}`));
      assert.match(no ?? '', said);
    });
  }

  it('says no to an engine that cannot be probed, and to one that does not answer', async () => {
    const here = await rehearsal();
    here.engines.status = { capabilities: [] };
    here.engines.unreachable.add('btc-momentum-2');

    await probeKillPath(here.step, here.ports);

    const noes = await here.noes();
    assert.ok(noes.includes('kill-path.btc-momentum-1.probe: it names no capability "probe"'));
    assert.ok(noes.includes('kill-path.btc-momentum-2.probe: btc-momentum-2 did not answer'));
    assert.equal(noes.length, 8);
  });

  it('puts out nothing where the configuration says simulated and the venue does not, and says no', async () => {
    const here = await rehearsal();
    Object.assign(here.venues, { is: 'live' });

    await probeKillPath(here.step, here.ports);

    assert.ok((await here.noes()).includes('kill-path.XSIM.kind: registered as simulated, says live'));
    assert.ok(!here.engines.calls.some((call) => call.startsWith('probe-order')));
  });

  it('says no where a venue does not answer, whatever else happens', async () => {
    const here = await rehearsal();
    here.venues.unreachable.add('XSIM');

    await probeKillPath(here.step, here.ports);

    const noes = await here.noes();
    assert.ok(noes.includes('kill-path.XSIM.kind: registered as simulated, says nothing'));
    assert.ok(noes.includes('kill-path.XSIM.left: XSIM did not answer'));
  });

  it('puts no order out at a live venue unless its policy says so, and says what that proves', async () => {
    const live: Registration = { ...REGISTRATION, venues: [{ ...XSIM, kind: 'live' }] };
    const here = await rehearsal({}, live);

    assert.equal((await probeKillPath(here.step, here.ports)).verdict, 'warn');
    const asked = await rehearsal({}, { ...live, venues: [{ ...XSIM, kind: 'live', probe: 'order' }] });
    assert.equal((await probeKillPath(asked.step, asked.ports)).verdict, 'go');

    assert.ok(!here.engines.calls.some((call) => call.startsWith('probe-order')));
    assert.deepEqual(await here.noes(), []);
    assert.ok(asked.engines.calls.some((call) => call.startsWith('probe-order')));
  });

  it('goes as far as it can without an order where there is no market now', async () => {
    const here = await rehearsal();
    const probe = here.engines.probe.bind(here.engines);
    here.engines.probe = async (instance, command) => {
      const said = await probe(instance, command); // a halted engine says so first
      if (command.kind === 'order') throw new Refusal('EngineRefused', 'no price', 'wait', { code: 'NoMarket' });
      return said;
    };

    assert.equal((await probeKillPath(here.step, here.ports)).verdict, 'warn');

    const { trials } = await here.report();
    assert.deepEqual(
      trials.slice(0, 3).map(({ path, way, proved }) => [path, way, proved]),
      [
        ['cancel', 'no-market', true],
        ['lease-loss', 'no-market', true],
        ['block', 'order', true],
      ],
    );
  });

  it('says no to an order that is too near, to one that was not put out, and to a lease that was not let go', async () => {
    const near = await rehearsal();
    const probe = near.engines.probe.bind(near.engines);
    near.engines.probe = async (instance, command) => {
      const said = await probe(instance, command);
      return { ...said, placed: said.placed.map((order) => ({ ...order, price: 99 })), leaseLost: false };
    };
    await probeKillPath(near.step, near.ports);
    const none = await rehearsal();
    none.engines.probe = async ({ instanceId }) => ({ instanceId, placed: [], leaseLost: true });
    none.engines.status = { mode: 'ACTIVE', halted: false };
    await probeKillPath(none.step, none.ports);

    const said = [...(await near.noes()), ...(await none.noes())].join('\n');
    for (const words of [/only 1 % from the market/, /put out no order there/]) assert.match(said, words);
  });

  it('says no to an engine that keeps its lease, trades without one, or says that it is not halted', async () => {
    const live: Registration = { ...REGISTRATION, venues: [{ ...XSIM, kind: 'live' }] };
    const keeps = await rehearsal({}, live);
    keeps.engines.probe = async ({ instanceId }) => ({ instanceId, placed: [], leaseLost: false });
    await probeKillPath(keeps.step, keeps.ports);
    const trades = await rehearsal({}, live);
    trades.engines.riskStatus = async (instance) => ({
      ...(await keeps.engines.riskStatus(instance)),
      ...{ mode: 'ACTIVE', halted: false },
    });
    await probeKillPath(trades.step, trades.ports);

    const said = [...(await keeps.noes()), ...(await trades.noes())].join('\n');
    for (const words of [/did not let go of its lease/, /is ACTIVE without a lease/, /says that it is not halted/])
      assert.match(said, words);
  });

  it('is ended by a kill that comes between, and has taken away what it put out', async () => {
    let orders = 0;
    const kill: { now?: () => void } = {};
    const here = await rehearsal({
      beforeOrder: () => {
        orders += 1;
        if (orders === 2) kill.now?.();
      },
    });
    kill.now = () => void here.store.strategies.set(STRATEGY, { ...stateOf(here), mode: 'KILLED', epoch: 1 });

    await assert.rejects(probeKillPath(here.step, here.ports), { name: 'StaleEpoch' });

    assert.deepEqual([here.venues.book, orders], [[], 2]);
    await assert.rejects(here.report(), { name: 'ZodError' });
  });

  it('takes away what it put out when it breaks down', async () => {
    const here = await rehearsal();
    const look = here.venues.openOrders.bind(here.venues);
    let breaks = true;
    here.venues.openOrders = (venue) => {
      if (!breaks || here.venues.book.length === 0) return look(venue);
      breaks = false;
      return Promise.reject(new Error('broken'));
    };

    await assert.rejects(probeKillPath(here.step, here.ports), { message: 'broken' });

    assert.deepEqual([breaks, here.venues.book], [false, []]);
  });

  it('hides no fault behind a finding', async () => {
    const fault = new Error('broken');
    const engine = await rehearsal();
    engine.engines.probe = () => Promise.reject(fault);
    const status = await rehearsal();
    status.engines.riskStatus = () => Promise.reject(fault);
    const venue = await rehearsal();
    venue.venues.kind = () => Promise.reject(fault);
    const left = await rehearsal();
    left.venues.openOrders = () => Promise.reject(fault);

    for (const { step, ports } of [engine, status, venue, left])
      await assert.rejects(probeKillPath(step, ports), fault);
  });
});
