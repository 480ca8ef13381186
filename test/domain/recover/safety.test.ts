import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GateResult } from '../../../domain/launch/finding.ts';
import { completeAction } from '../../../domain/post-mortem/complete-action.ts';
import { askForTwoSignatures } from '../../../domain/recover/ask-for-two-signatures.ts';
import { checkSafety } from '../../../domain/recover/check-safety.ts';
import { liftLatch } from '../../../domain/recover/lift-latch.ts';
import { lookAtSafety, refuseUnsafe } from '../../../domain/recover/look-at-safety.ts';
import type { OpenPosition } from '../../../domain/recover/open-positions.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { STRATEGY, stateOf } from '../../fakes/world.ts';
import { type RecoverWorld, refusal, requested, row, signedOff, sre } from './a-killed-strategy.ts';
import { run } from './recovery-steps.ts';

const held = (quantity: number, instrument = 'BTC-PERP') => ({ instrument, quantity, averagePrice: 1, markPrice: 1 });
const accepted = (quantity: number): OpenPosition => ({ venue: 'XSIM', instrument: 'BTC-PERP', quantity });

async function ready(actions?: readonly string[]) {
  const made = await signedOff(actions);
  const step = await requested(made);
  await made.checkpoint();
  return { made, step };
}

async function look(made: RecoverWorld, step: Parameters<typeof lookAtSafety>[0], positions: OpenPosition[] = []) {
  const postMortem = await made.store.get('POSTMORTEM', String(stateOf(made).latch?.runId));
  assert.ok(postMortem);
  return lookAtSafety(step, { postMortem, accepted: positions }, made.recoverPorts);
}
const noesOf = ({ findings }: GateResult) =>
  findings.filter(({ verdict }) => verdict === 'no-go').map(({ check, code, actual }) => `${check} ${code}: ${actual}`);

describe('what has to be safe before a latch is lifted', () => {
  it('is looked at as a whole, each thing a finding', async () => {
    const { made, step } = await ready();

    const { findings, verdict } = await look(made, step);

    assert.equal(verdict, 'go');
    assert.deepEqual(
      findings.map(({ check }) => check),
      [
        ...['spool.empty', 'ledger.pending', 'ledger.verifies', 'flag.off', 'venue.XSIM.orders'],
        ...['engine.btc-momentum-1', 'engine.btc-momentum-2', 'venue.XSIM.positions', 'post-mortem.actions'],
      ],
    );
    assert.equal(refuseUnsafe(await look(made, step)), undefined);
  });

  const WRONG: Readonly<Record<string, [unsafe: (made: RecoverWorld) => unknown, finding: RegExp]>> = {
    'a flag that is on': [(made) => Object.assign(made.flags, { live: true }), /^flag.off FlagNotOff: .*is true$/],
    'a flag that cannot be read': [
      (made) => Object.assign(made.flags, { live: undefined }),
      /^flag.off FlagNotOff: live.enabled cannot be read$/,
    ],
    'orders that rest': [
      (made) => Object.assign(made.venues, { resting: 2 }),
      /^venue.XSIM.orders OrdersResting: 2 orders/,
    ],
    'a position': [
      (made) => Object.assign(made.venues, { positions: async () => [held(2)] }),
      /^venue.XSIM.positions ExposureNotAccepted: 2 BTC-PERP at XSIM$/,
    ],
    'an engine that trades': [
      (made) => Object.assign(made.engines.status, { halted: false }),
      /^engine.btc-momentum-1 EngineNotHalted: not halted, btc-momentum, epoch 1$/,
    ],
    'an engine of an older epoch': [
      (made) => Object.assign(made.engines.status, { epoch: 0 }),
      /^engine.btc-momentum-1 EngineNotHalted: halted, btc-momentum, epoch 0$/,
    ],
    'an engine of another strategy': [
      (made) => Object.assign(made.engines.status, { strategyId: 'eurusd-carry' }),
      /^engine.btc-momentum-1 EngineNotHalted: halted, eurusd-carry/,
    ],
    'an engine that does not answer': [
      (made) => made.engines.unreachable.add('btc-momentum-2'),
      /^engine.btc-momentum-2 EngineUnreachable: not known: btc-momentum-2 did not answer$/,
    ],
    'a log that was edited': [
      (made) => {
        const log = made.store.logs.get(STRATEGY) ?? [];
        made.store.logs.set(STRATEGY, log.with(1, { ...log[1], text: `${log[1]?.text} ` } as never));
      },
      /^ledger.verifies LedgerNotProved: entry 1 is not what was written$/,
    ],
    'an entry that waits for the ledger': [
      (made) => {
        const waiting = { type: 'kill.reaffirmed', actor: sre.subject, payload: {}, at: '2026-11-24T12:00:00.000Z' };
        made.store.strategies.set(STRATEGY, { ...stateOf(made), pendingEntries: [waiting] });
      },
      /^ledger.pending KillSpooled: 1 entries wait$/,
    ],
  };
  for (const [what, [unsafe, finding]] of Object.entries(WRONG))
    it(`is not ${what}: neither checked nor lifted`, async () => {
      const { made, step } = await ready();
      await run(made, step, 'Check safety');
      await unsafe(made);

      const [first = 'nothing'] = noesOf(await look(made, step));

      assert.match(first, finding);
      await assert.rejects(checkSafety(step, made.recoverPorts), (error: unknown) => {
        assert.ok(error instanceof Refusal);
        assert.equal((error.facts['findings'] as unknown[]).length, 9);
        return true;
      });
      await assert.rejects(liftLatch(step, made.recoverPorts));
      assert.equal(stateOf(made).mode, 'KILLED');
    });

  it('is not known of a venue that does not answer, neither its orders nor its positions', async () => {
    const { made, step } = await ready();
    made.venues.unreachable.add('XSIM');
    made.venues.positions = Object.getPrototypeOf(made.venues).positions;

    assert.deepEqual(noesOf(await look(made, step)), [
      'venue.XSIM.orders VenueUnreachable: not known: XSIM did not answer',
      'venue.XSIM.positions VenueUnreachable: not known: XSIM did not answer',
    ]);
  });

  it('does not take a fault of a venue for an answer', async () => {
    const { made, step } = await ready();
    made.venues.openOrders = async () => {
      throw new TypeError('a fault');
    };

    await assert.rejects(look(made, step), TypeError);
  });

  it('is not while a kill waits in the spool: others write all the time, and it cannot be taken in', async () => {
    const { made, step } = await ready();
    const spooled = { roles: [], reason: 'loss', decidedAt: '2026-11-24T12:00:00.000Z' };
    await made.spool.put(STRATEGY, { runId: 'kill-spooled' as never, actor: sre.subject, ...spooled });
    made.store.losing = 99;

    await assert.rejects(look(made, step), refusal('KillSpooled'));
  });

  it('says so where one has come since', async () => {
    const { made, step } = await ready();
    const { read } = made.spool;
    const spooled = { roles: [], reason: 'loss', decidedAt: '2026-11-24T12:00:00.000Z' };
    let looks = 0;
    made.spool.read = async (...asked) => {
      looks += 1;
      if (looks === 2) await made.spool.put(STRATEGY, { runId: 'kill-s' as never, actor: sre.subject, ...spooled });
      return read.apply(made.spool, asked);
    };

    assert.deepEqual(noesOf(await look(made, step)), ['spool.empty KillSpooled: kill 0 waits to be taken in']);
  });

  it('waits for the corrective actions that block, and for no other', async () => {
    const { made, step } = await ready([row('yes'), row('no', '', 'tell the desk')]);
    assert.deepEqual(noesOf(await look(made, step)), [
      'post-mortem.actions ActionsOpen: open: 1. check quotes against a second source',
    ]);

    const command = { runId: made.kill.runId, actor: sre.subject, key: 'done-1', request: { evidence: 'PR 12' } };
    const { reply } = await completeAction({ ...command, number: 1 }, made.ports);
    await made.checkpoint();

    assert.equal(reply.blockingLeft, 0);
    assert.deepEqual(noesOf(await look(made, step)), []);
  });
});

describe('positions that stay open', () => {
  it('are refused before anybody is asked to sign, unless somebody accepts them', async () => {
    const { made, step } = await ready();
    made.venues.positions = async () => [held(2), held(0, 'ETH-PERP')];

    await assert.rejects(askForTwoSignatures({ ...step, taskToken: 'token' }, made.ports), {
      name: 'ExposureNotAccepted',
      message: 'positions are open: 2 BTC-PERP at XSIM',
    });
  });

  it('are refused while a venue does not say what is held', async () => {
    const { made, step } = await ready();
    made.venues.positions = Object.getPrototypeOf(made.venues).positions;
    made.venues.unreachable.add('XSIM');

    await assert.rejects(askForTwoSignatures({ ...step, taskToken: 'token' }, made.ports), refusal('VenueUnreachable'));
  });

  it('stand in the document that two people sign, by instrument and with the reason, and may stay then', async () => {
    const made = await signedOff();
    made.venues.positions = async () => [held(2)];
    const step = await requested(made, { acceptExposure: { reason: 'hedged elsewhere' } });

    await run(made, step);

    const asked = await made.store.get('APPROVAL', `${step.runId}-recovery`);
    assert.deepEqual(
      [asked?.document['acceptedExposure'], asked?.document['acceptReason']],
      [[accepted(2)], 'hedged elsewhere'],
    );
    assert.equal(stateOf(made).mode, 'OFF');
  });

  for (const [quantity, verdict] of [
    [2, 'go'],
    [1, 'go'],
    [3, 'no-go'],
    [-1, 'no-go'],
  ] as const)
    it(`of 2 that were accepted and are ${quantity} now: ${verdict}`, async () => {
      const { made, step } = await ready();
      made.venues.positions = async () => [held(quantity)];

      const { findings } = await look(made, step, [accepted(2)]);

      const finding = findings.find(({ check }) => check === 'venue.XSIM.positions');
      assert.deepEqual(
        [finding?.verdict, finding?.expected],
        [verdict, 'at most what was accepted: 2 BTC-PERP at XSIM'],
      );
    });

  it('of another instrument were not accepted', async () => {
    const { made, step } = await ready();
    made.venues.positions = async () => [held(1, 'ETH-PERP')];

    assert.equal((await look(made, step, [accepted(2)])).verdict, 'no-go');
  });
});
