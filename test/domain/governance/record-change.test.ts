import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { recordChange } from '../../../domain/governance/record-change.ts';
import { signChange } from '../../../domain/governance/sign-change.ts';
import {
  STRATEGY_CHANGE_TYPE,
  STRATEGY_CHANGES,
  type StrategyChange,
} from '../../../domain/governance/strategy-change.ts';
import { verifyChange } from '../../../domain/governance/verify-change.ts';
import { ActorId, StrategyId } from '../../../domain/ids.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import { governanceKey } from '../../fakes/governance.ts';
import { RUN, STRATEGY, type World, world } from '../../fakes/world.ts';

const CHANGE: StrategyChange = {
  ...{ strategy: STRATEGY, run: RUN, environment: 'prod', epoch: 0, at: '2026-11-24T12:00:00.000Z' },
  ...{ planDigest: digestOf('the plan'), documentDigest: digestOf('the document') },
  signers: [{ actor: ActorId.parse('sub-trader'), role: 'execution-trader' }],
};

describe('recordChange', () => {
  let made: World;
  beforeEach(() => {
    made = world();
  });
  const signed = (change: object = {}) => signChange({ ...CHANGE, ...change }, made.ports.governance);
  const record = () => made.store.get('CHANGE', RUN);

  it('verifies what came off the bus, and records it in the log of the strategy with its envelope', async () => {
    const detail = await signed();

    const { summary } = await recordChange({ detail }, made.ports);

    assert.equal(summary, `recorded: ${CHANGE.planDigest} of ${RUN}`);
    assert.deepEqual((await record())?.envelope, detail);
    assert.deepEqual(made.store.storyOf(STRATEGY), ['governance.strategy-change.recorded']);
    assert.deepEqual(verifyChange((await record())?.envelope, await made.ports.governance.publicKey()), CHANGE);
  });

  it('records it once, however often the bus delivers it', async () => {
    const detail = await signed();
    await recordChange({ detail }, made.ports);

    const { summary } = await recordChange({ id: 'again', detail }, made.ports);

    assert.match(summary, /^known already/);
    assert.equal(made.store.storyOf(STRATEGY).length, 1);
  });

  for (const [what, detail, why] of [
    ['nothing', async () => undefined, /no signed envelope/],
    ['the plain facts without an envelope', async () => ({ ...CHANGE }), /no signed envelope/],
    [
      'an envelope without a signature',
      async () => ({ ...(await signed()), signatures: [] }),
      /not signed with the governance key/,
    ],
    ['a signature of another key', () => signChange(CHANGE, governanceKey()), /not signed with the governance key/],
    [
      'another type of payload',
      async () => ({ ...(await signed()), payloadType: 'text/plain' }),
      /it is a text\/plain/,
    ],
    [
      'a payload that was changed',
      async () => ({ ...(await signed()), payload: Buffer.from('{}').toString('base64') }),
      /not signed/,
    ],
    ['a signed payload that is no change', () => signed({ epoch: -1 }), /no change of a strategy/],
    ['a signed payload with more than belongs into it', () => signed({ more: true }), /no change of a strategy/],
    ['a signed payload that is no JSON', () => signedText('not json'), /no change of a strategy/],
  ] as const) {
    it(`refuses ${what}: records nothing, counts it in the access log, and raises the alarm`, async () => {
      const { summary } = await recordChange({ detail: await detail() }, made.ports);

      assert.match(summary, why);
      assert.match(made.alarms[0] ?? '', why);
      assert.equal(await record(), undefined);
      const [count] = await made.store.due(new Date('2027-01-01T00:00:00Z'));
      assert.deepEqual(
        [count?.actor, count?.code, count?.path],
        ['service:governance', 'ChangeNotSigned', STRATEGY_CHANGES],
      );
    });
  }

  /** Any bytes, under a signature that holds. */
  async function signedText(text: string) {
    const payload = Buffer.from(text);
    const head = `DSSEv1 ${STRATEGY_CHANGE_TYPE.length} ${STRATEGY_CHANGE_TYPE} ${payload.length} `;
    const sig = await made.ports.governance.sign(Buffer.concat([Buffer.from(head), payload]));
    const signatures = [{ sig: Buffer.from(sig).toString('base64') }];
    return { payloadType: STRATEGY_CHANGE_TYPE, payload: payload.toString('base64'), signatures };
  }

  it('names the event that it refused, where it has an id', async () => {
    const told: Record<string, unknown>[] = [];
    const ports = { ...made.ports, alarm: (_what: string, facts: Record<string, unknown>) => void told.push(facts) };

    await recordChange({ id: 'event-1', detail: 7 }, ports);
    await recordChange({ detail: 7 }, ports);

    assert.deepEqual(told, [{ event: 'event-1' }, { event: 'without an id' }]);
  });

  it('fails for a strategy that is not there, so that the event is delivered again', async () => {
    const detail = await signed({ strategy: StrategyId.parse('unknown') });

    await assert.rejects(recordChange({ detail }, made.ports), { name: 'UnknownStrategy' });
  });
});
