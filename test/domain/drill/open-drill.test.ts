import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openDrill } from '../../../domain/drill/open-drill.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { STRATEGY, stateOf, trader, type World, world } from '../../fakes/world.ts';
import { killed, payloadsOf } from '../kill/kill-at-its-end.ts';
import { drilled, opened, registeredAs, simulated } from './drilled.ts';

const paper = { halted: false, venues: [{ venue: 'XSIM', kind: 'paper' as const }] };

/** Each way in which something may be live after all, and the check that says no. */
const maybeLive: readonly [string, (made: World) => void, string][] = [
  ['its venue is registered as live', (made) => registeredAs(made, 'live'), 'drill.registered.XSIM'],
  ['its venue is registered as nothing', (made) => registeredAs(made), 'drill.registered.XSIM'],
  ['the venue itself says live', (made) => Object.assign(made.venues, { is: 'live' }), 'drill.venue.XSIM'],
  ['the venue says nothing', (made) => made.venues.unreachable.add('XSIM'), 'drill.venue.XSIM'],
  [
    'an engine says that it trades live',
    (made) => Object.assign(made.engines, { status: { ...paper, venues: [{ venue: 'XSIM', kind: 'live' }] } }),
    'drill.engine.btc-momentum-1.XSIM',
  ],
  [
    'an engine may trade live elsewhere as well',
    ({ engines }) =>
      Object.assign(engines, { status: { ...paper, venues: [...paper.venues, { venue: 'XNYS', kind: 'live' }] } }),
    'drill.engine.btc-momentum-1.XNYS',
  ],
  [
    'an engine trades at a venue that is not registered',
    (made) => Object.assign(made.engines, { status: { ...paper, venues: [{ venue: 'XOLD', kind: 'simulated' }] } }),
    'drill.engine.btc-momentum-1.XOLD',
  ],
  [
    'an engine does not say where it trades',
    (made) => Object.assign(made.engines, { status: { halted: false } }),
    'drill.engine.btc-momentum-1',
  ],
  [
    'an engine names no venue',
    (made) => Object.assign(made.engines, { status: { ...paper, venues: [] } }),
    'drill.engine.btc-momentum-1',
  ],
  [
    'another engine answers in its place',
    (made) => Object.assign(made.engines, { status: { ...paper, strategyId: 'eurusd-carry' } }),
    'drill.engine.btc-momentum-1',
  ],
  [
    'one of two engines does not answer',
    (made) => made.engines.unreachable.add('btc-momentum-2'),
    'drill.engine.btc-momentum-2',
  ],
];

const noesOf = (refusal: unknown): string[] =>
  refusal instanceof Refusal && Array.isArray(refusal.facts['findings'])
    ? refusal.facts['findings'].flatMap(({ check, verdict }) => (verdict === 'no-go' ? [String(check)] : []))
    : [];

describe('openDrill', () => {
  it('records who rehearses what, until when, and what everybody said; halts nothing', async () => {
    const made = simulated();

    const { runId, expiresAt, summary } = await opened(made);

    const [started] = payloadsOf(made, 'drill.started', runId);
    const findings = Object(started)['findings'];
    assert.deepEqual(
      findings.map(({ check, verdict }: Record<string, unknown>) => [check, verdict]),
      [
        ['drill.registered.XSIM', 'go'],
        ['drill.venue.XSIM', 'go'],
        ['drill.engine.btc-momentum-1.XSIM', 'go'],
        ['drill.engine.btc-momentum-2.XSIM', 'go'],
      ],
    );
    assert.equal(Object(started)['reason'], 'drill: quarterly');
    assert.equal(Object(started)['budgets'].confirmed.budgetMs, 15 * 60_000);
    assert.deepEqual(made.engines.calls, ['risk-status btc-momentum-1', 'risk-status btc-momentum-2']);
    assert.deepEqual([stateOf(made).mode, stateOf(made).latch], ['OFF', undefined]);
    assert.match(summary, /nothing is halted yet/);
    assert.equal(expiresAt, '2026-11-24T12:01:00.000Z');
  });

  it('takes paper like simulated', async () => {
    const made = simulated();
    registeredAs(made, 'paper');
    Object.assign(made.venues, { is: 'paper' });
    Object.assign(made.engines, { status: paper });

    assert.ok((await opened(made)).killKey);
  });

  for (const [what, change, check] of maybeLive) {
    it(`is refused where ${what}: that finding, nothing recorded, nothing halted`, async () => {
      const made = simulated();
      change(made);

      const refusal: unknown = await opened(made).catch((error: unknown) => error);

      assert.ok(refusal instanceof Refusal);
      assert.equal(refusal.code, 'NotASimulator');
      assert.equal(noesOf(refusal)[0], check);
      assert.match(refusal.message, /^nothing was halted, and no drill was opened/);
      assert.deepEqual(payloadsOf(made, 'drill.started'), []);
      assert.ok(made.engines.calls.every((call) => call.startsWith('risk-status')));
    });
  }

  it('is refused with all findings where nothing at all says what it is', async () => {
    const refusal: unknown = await opened(world()).catch((error: unknown) => error);

    assert.deepEqual(noesOf(refusal), [
      'drill.registered.XSIM',
      'drill.venue.XSIM',
      'drill.engine.btc-momentum-1',
      'drill.engine.btc-momentum-2',
    ]);
  });

  it('is refused where an engine is halted already, since there is nothing to measure', async () => {
    const made = simulated();
    made.engines.status = { ...made.engines.status, halted: true };

    await assert.rejects(opened(made), {
      name: 'NothingToDrill',
      message: /^halted already: btc-momentum-1, btc-momentum-2;/,
    });
  });

  it('is refused for a strategy that is killed', async () => {
    const made = simulated();
    await killed(made);

    await assert.rejects(opened(made), { name: 'StrategyKilled', message: 'btc-momentum is killed: loss' });
  });

  it('gives the same drill to the same key, also after its kill, and another one to another key', async () => {
    const made = simulated();
    const first = await opened(made);
    made.pass(1_000);
    const other = await opened(made, 'sub-trader/key-0002');

    await drilled(made, first);

    assert.deepEqual(await opened(made), first);
    assert.notEqual(other.runId, first.runId);
  });

  it('takes no fault for an answer', async () => {
    const made = simulated();
    made.venues.kind = async () => {
      throw new TypeError('a bug');
    };

    await assert.rejects(
      openDrill({ caller: trader, strategyId: STRATEGY, key: 'k', request: {} }, made.ports),
      TypeError,
    );
  });
});
