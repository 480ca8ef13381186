import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { Run, ScopeKillAccepted } from '../../cli/replies.ts';
import { eventually } from '../../rehearsal/eventually.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { healthTick } from './aws-of-the-host.ts';
import { HARDLY_FILLED } from './evidence.ts';
import { answer, launchedUntil, launchPath } from './launching.ts';
import { BTC, EUR, onALocalHost } from './on-a-local-host.ts';
import { ledgersAreWhole, nothingIsGivenAway } from './proof-of-the-ledgers.ts';
import { cliRefused, isNoted, isRefusal } from './refused.ts';

const REASON = 'the desk lost its prices';

describe('runbook 5.1: kills of a desk, a venue, and everything', { skip: !isDeep && DEEP }, () => {
  const here = onALocalHost();
  const typesOf = async (log: string, prefix: string) =>
    (await here.log(log)).entries.map(({ entry }) => String(entry['type'])).filter((type) => type.startsWith(prefix));
  const killsOf = async (strategy: string) =>
    (await typesOf(strategy, 'kill.')).filter((type) => ['kill.requested', 'kill.reaffirmed'].includes(type));
  const killed = async (scope: string, as: 'trader' | 'risk') => {
    const { code, lines, words } = await here.cli('kill', '--scope', scope, '--reason', REASON, '--as', as);
    assert.equal(code, 0, words);
    return ScopeKillAccepted.parse(lines[0]);
  };

  it('refuses a scope that there is not, names those there are, and touches nothing', async () => {
    const { status, body } = await here.ask('/v1/kills', { as: 'trader', body: { scope: 'desk:equities' } });

    assert.deepEqual(
      [status, body['code'], Object(body['facts']).known.toSorted()],
      [404, 'UnknownScope', ['all', 'desk:crypto', 'desk:fx', 'venue:XSIF', 'venue:XSIM']],
    );
    cliRefused(await here.cli('kill', '--scope', 'desk:equities', '--as', 'trader'), 'UnknownScope', 2);
    for (const strategy of [BTC, EUR]) assert.equal((await here.view(strategy)).mode, 'OFF');
  });

  it('halts a live strategy of the desk, whose orders rest, by one command of one person, and no other desk', async () => {
    await here.evidence.approve(BTC, HARDLY_FILLED);
    await launchedUntil(here, BTC, 'nothing: it is live');
    await eventually('orders at the venue', here.eyes[BTC].restingOrders, (orders) => orders > 0);

    const { scope, latched, strategies, receipt } = await killed('desk:crypto', 'trader');

    assert.deepEqual([scope, latched, receipt?.log], ['desk:crypto', true, 'desk']);
    assert.deepEqual(
      strategies.map(({ strategyId, status, latched: its }) => [strategyId, status, its]),
      [[BTC, 'halted', true]],
    );
    assert.equal((await here.eyes[BTC].engine()).halted, true);
    assert.deepEqual([(await here.view(BTC)).mode, (await here.view(EUR)).mode], ['KILLED', 'OFF']);
  });

  it('leaves nothing resting at the venue', async () => {
    await eventually('orders at the venue', here.eyes[BTC].restingOrders, (orders) => orders === 0, 30_000);

    await eventually(
      'kill.venues-empty',
      () => typesOf(BTC, 'kill.venues-empty'),
      ({ length }) => length === 1,
      30_000,
    );
  });

  it('gives the strategy a run of its own, whose kill is in the name of the desk', async () => {
    const [requested] = (await here.log(BTC)).entries.filter(({ entry }) => entry['type'] === 'kill.requested');
    const { latch, whyNot } = await here.view(BTC);

    assert.match(String(requested?.entry['run']), /^kill-btc-momentum-/);
    assert.equal(latch?.reason, `desk:crypto: ${REASON}`);
    assert.ok(
      whyNot.some((why) => why.startsWith('desk:crypto was killed by ')),
      whyNot.join('; '),
    );
  });

  it('covers what has not been killed yet: a launch below a killed venue is refused, and it is said why', async () => {
    const { strategies } = await killed('venue:XSIF', 'risk');
    const body = { environment: 'prod' };

    assert.deepEqual(
      strategies.map(({ strategyId, status }) => [strategyId, status]),
      [[EUR, 'halted']],
    );
    for (const strategy of [EUR, BTC])
      await isNoted(here, 'trader', 'StrategyKilled', async () =>
        isRefusal(await here.ask(launchPath(strategy), { as: 'trader', body }), 'StrategyKilled', 409),
      );
  });

  it('kills everything that is there, killed already or not, and is reaffirmed by whoever kills it again', async () => {
    const first = await killed('all', 'risk');
    const again = await killed('all', 'trader');

    for (const { latched, strategies } of [first, again])
      assert.deepEqual(
        [latched, strategies.map(({ strategyId, latched: its }) => [strategyId, its]).toSorted()],
        [
          true,
          [
            [BTC, true],
            [EUR, true],
          ],
        ],
      );
    assert.deepEqual(await typesOf('desk', 'kill.'), [
      'kill.scope-requested',
      'kill.scope-requested',
      'kill.scope-requested',
      'kill.scope-reaffirmed',
    ]);
    assert.deepEqual(await killsOf(BTC), ['kill.requested', 'kill.reaffirmed', 'kill.reaffirmed']);
  });

  it('leaves the health tick nothing to finish', async () => {
    const before = await Promise.all([BTC, EUR].map(killsOf));

    await healthTick(here.host.data);

    assert.deepEqual(await Promise.all([BTC, EUR].map(killsOf)), before);
  });

  it('is confirmed strategy by strategy, and every run comes to its end', async () => {
    const Runs = z.looseObject({ runs: z.array(Run) });
    for (const strategy of [BTC, EUR]) {
      const [first] = (await here.log(strategy)).entries.filter(({ entry }) => entry['type'] === 'kill.requested');
      const question = await here.question(String(first?.entry['run']), 'kill-confirmation');
      for (const as of ['trader', 'risk'] as const) // whoever killed it, and another person in another role
        assert.equal((await answer(here, question, as)).status, 200);
    }

    for (const { id, machine } of Runs.parse(await here.look('/v1/runs')).runs)
      if (machine === 'kill') assert.equal((await here.ended(id)).status, 'SUCCEEDED');
  });

  it('leaves ledgers that are whole and give nothing away', async () => {
    await ledgersAreWhole(here, [BTC, EUR, 'access', 'desk']);
    await nothingIsGivenAway(here, [BTC, EUR, 'access', 'desk']);
  });
});
