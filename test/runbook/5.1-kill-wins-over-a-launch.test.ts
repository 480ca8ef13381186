import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventually } from '../../rehearsal/eventually.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { answer, killed, launchedUntil } from './launching.ts';
import { BTC, EUR, type OnALocalHost, onALocalHost, type StrategyName } from './on-a-local-host.ts';
import { ledgersAreWhole } from './proof-of-the-ledgers.ts';

/** Kills while a launch is under way, and looks with independent eyes at what is left of it. */
async function killWins(here: OnALocalHost, strategy: StrategyName, launch: string): Promise<void> {
  const eyes = here.eyes[strategy];
  await killed(here, strategy, 'risk', 'it does not look right');

  const { status, failure } = await here.ended(launch, 40_000);

  assert.deepEqual([status, failure?.code], ['FAILED', 'StrategyKilled'], JSON.stringify(failure));
  await eventually('live.enabled', eyes.flag, (enabled) => !enabled);
  await eventually('orders at the venue', eyes.restingOrders, (orders) => orders === 0);
  const { halted } = await eventually('the engine', eyes.engine, (engine) => engine.halted);
  const { mode, lock, tradingAllowed } = await here.view(strategy);
  assert.deepEqual([halted, mode, lock, tradingAllowed], [true, 'KILLED', null, false]);
}

const enabledIn = async (here: OnALocalHost, strategy: StrategyName): Promise<unknown[]> =>
  (await here.log(strategy)).entries.map(({ entry }) => entry['type']).filter((type) => type === 'launch.enabled');

describe('runbook 5.1: a kill wins over a launch that waits', { skip: !isDeep && DEEP }, () => {
  const here = onALocalHost();
  let launches: Record<StrategyName, string>;

  it('before anybody has confirmed it', async () => {
    const btc = await launchedUntil(here, BTC, 'two confirmations');
    const eur = await launchedUntil(here, EUR, 'the second confirmation');
    launches = { [BTC]: btc, [EUR]: eur };

    await killWins(here, BTC, btc);

    assert.deepEqual(await enabledIn(here, BTC), []);
  });

  it('between its two confirmations: the second one comes too late', async () => {
    const plan = await here.question(launches[EUR], 'launch-confirmation');

    await killWins(here, EUR, launches[EUR]);

    const late = await answer(here, plan, 'risk');
    assert.ok(['ApprovalClosed', 'StaleEpoch'].includes(String(late.body['code'])), JSON.stringify(late.body));
    assert.deepEqual(await enabledIn(here, EUR), []);
  });

  it('and leaves ledgers that are whole', () => ledgersAreWhole(here));
});

describe('runbook 5.1: a kill wins over a launch that is about to enable', { skip: !isDeep && DEEP }, () => {
  const here = onALocalHost();
  let launches: Record<StrategyName, string>;

  it('before the flip: nobody can flip any more', async () => {
    const btc = await launchedUntil(here, BTC, 'the flip');
    const eur = await launchedUntil(here, EUR, 'the flip');
    launches = { [BTC]: btc, [EUR]: eur };
    const flip = await here.question(eur, 'flag-flip');

    await killWins(here, EUR, eur);

    const late = await answer(here, flip, 'trader');
    assert.ok(['ApprovalClosed', 'StaleEpoch'].includes(String(late.body['code'])), JSON.stringify(late.body));
    assert.deepEqual(await enabledIn(here, EUR), []);
  });

  it('right after the flip, while it is being enabled, and it is never enabled afterwards', async () => {
    const flip = await here.question(launches[BTC], 'flag-flip');
    assert.equal((await answer(here, flip, 'trader')).status, 200);

    await killWins(here, BTC, launches[BTC]);

    const [before, enabled] = [await here.view(BTC), await here.eyes[BTC].flag()];
    await killed(here, BTC, 'sre', 'once more'); // time for anything that still was under way
    assert.deepEqual([before.mode, enabled, await here.eyes[BTC].flag()], ['KILLED', false, false]);
  });

  it('and leaves ledgers that are whole', () => ledgersAreWhole(here));
});
