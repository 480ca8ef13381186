import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { DataIncidents, DataIncidentView } from '../../cli/data-incident-replies.ts';
import { eventually } from '../../rehearsal/eventually.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { watchedBy } from './agreed-monitors.ts';
import { HARDLY_FILLED } from './evidence.ts';
import { answer, launchedUntil } from './launching.ts';
import { BTC, EUR, onALocalHost } from './on-a-local-host.ts';
import { ledgersAreWhole, nothingIsGivenAway } from './proof-of-the-ledgers.ts';
import { isRefusal } from './refused.ts';

const SLA_MS = 2_000;
const READ_WITHIN_MS = 65_000; // the watchdog reads thresholds each minute
const OVERSIGHT_MS = 60_000;

const SafeMode = z.object({
  runId: z.string(),
  changed: z.boolean(),
  instances: z.array(z.object({ status: z.string() })),
});

describe('runbook 5.2: a market data outage', { skip: !isDeep && DEEP }, () => {
  const here = onALocalHost();
  let id = '';
  const incident = async () => DataIncidentView.parse(await here.look(`/v1/data-incidents/${id}`));
  const typesOf = async (strategy: typeof BTC | typeof EUR) =>
    (await here.log(strategy)).entries.map(({ entry }) => String(entry['type']));

  it('is watched while the strategy trades', async () => {
    await watchedBy(here.host.data, BTC, {
      heartbeats: { marketData: { slaMs: SLA_MS } },
      safeMode: { stableSeconds: 5 },
    });
    await here.evidence.approve(BTC, HARDLY_FILLED);
    await launchedUntil(here, BTC, 'nothing: it is live');
    await eventually('orders at the venue', here.eyes[BTC].restingOrders, (orders) => orders > 0);
  });

  it('takes it into safe mode by itself, halted, with nothing left at the venue', async () => {
    await here.fault('stop-market-data', true);

    await eventually('the halt', here.eyes[BTC].engine, ({ halted }) => halted, READ_WITHIN_MS + 4 * SLA_MS);
    await eventually('orders at the venue', here.eyes[BTC].restingOrders, (orders) => orders === 0);

    assert.equal((await here.modeIs(BTC, 'SAFE')).tradingAllowed, false);
    const types = await eventually(
      'the proof',
      () => typesOf(BTC),
      (all) => all.includes('data-incident.opened'),
      20_000,
    );
    assert.ok(types.indexOf('safe-mode.verified') > types.indexOf('safe-mode.entered'));
  });

  it('opens a data incident with its file and owner, and shows what is exposed meanwhile', async () => {
    const { incidents } = DataIncidents.parse(await here.look('/v1/data-incidents'));
    const [opened] = incidents;
    id = String(opened?.id);

    const { exposure, owner, status } = await incident();

    assert.deepEqual([incidents.length, owner, status], [1, 'SRE on call', 'open']);
    const [engine] = exposure.engines;
    assert.deepEqual([engine?.stable, engine?.heard, exposure.venues[0]?.openOrders], [false, true, 0]);
    const { key } = z
      .object({ file: z.object({ key: z.string() }) })
      .parse(await here.look(`/v1/data-incidents/${id}`)).file;
    assert.match(key, /\/btc-momentum\/safe-mode-btc-momentum-[^/]+\/data_incident\.md$/);
    assert.match(await here.evidence.read(key), /# Data incident .*[\s\S]*SRE on call[\s\S]*XSIM/);
    const noted = await here.cli('data-incident', 'note', id, '--text', 'the provider was called', '--as', 'sre');
    assert.equal(noted.code, 0, noted.words);
    const shown = await here.cli('data-incident', 'show', id, '--as', 'risk');
    assert.match(JSON.stringify(shown.lines), /the provider was called/);
    isRefusal(
      await here.ask(`/v1/data-incidents/${id}/notes`, { as: 'auditor', body: { text: 'x' } }),
      'WrongRole',
      403,
    );
  });

  it('proposes to resume once feeds are stable, and is live again when two people have signed, not before', async () => {
    await here.fault('stop-market-data', false);

    const { proposal } = await eventually(
      'the proposal',
      () => delay(250).then(incident),
      (seen) => seen.proposal != null,
      OVERSIGHT_MS,
    );
    const run = String(proposal?.runId);
    const question = await here.question(run, 'resume');
    assert.equal(Object(question.document['whatHappened']).type, 'safe-mode.entered');
    assert.equal((await answer(here, question, 'trader')).status, 200);
    assert.deepEqual([(await here.view(BTC)).mode, await here.eyes[BTC].restingOrders()], ['SAFE', 0]);
    assert.equal((await answer(here, question, 'risk')).status, 200);

    const { status, failure } = await here.ended(run);
    assert.equal(status, 'SUCCEEDED', JSON.stringify(failure));
    assert.equal((await here.view(BTC)).mode, 'ACTIVE');
    await eventually('orders at the venue', here.eyes[BTC].restingOrders, (orders) => orders > 0);
    const { outcome } = await eventually(
      'its end',
      () => delay(250).then(incident),
      (seen) => seen.status === 'over',
      OVERSIGHT_MS,
    );
    assert.equal(outcome, 'btc-momentum was resumed');
  });

  it('is a command of one person, too, that form cannot refuse, and verified like any', async () => {
    await launchedUntil(here, EUR, 'nothing: it is live');
    isRefusal(await here.ask(`/v1/strategies/${EUR}/safe-modes`, { as: 'auditor' }), 'WrongRole', 403);

    const { status, body } = await here.ask(`/v1/strategies/${EUR}/safe-modes`, {
      as: 'quant',
      raw: 'no JSON',
      key: null,
    });

    const reply = SafeMode.parse(body);
    assert.deepEqual([status, reply.changed, reply.instances.map((each) => each.status)], [202, true, ['halted']]);
    assert.equal((await here.ended(reply.runId)).status, 'SUCCEEDED');
    const types = await typesOf(EUR);
    assert.deepEqual(
      types.slice(types.indexOf('safe-mode.entered')).filter((type) => type.startsWith('safe-mode.')),
      [...['safe-mode.entered', 'safe-mode.opened', 'safe-mode.halted', 'safe-mode.verified']],
    );
    assert.equal((await here.view(EUR)).mode, 'SAFE');
  });

  it('kills in the end where nothing proves that orders are gone', async () => {
    await here.fault('silent-venue', true);
    const { lines } = await here.cli(
      'safe-mode',
      '--strategy',
      BTC,
      '--reason',
      'the venue is strange',
      '--as',
      'trader',
    );
    assert.equal(lines[0]?.['mode'], 'SAFE');

    const { latch } = await here.modeIs(BTC, 'KILLED');

    assert.equal(Object(latch).initiatedBy, 'service:safe-mode');
    await here.fault('silent-venue', false);
    const [killed] = (await here.log(BTC)).entries.filter(({ entry }) => entry['type'] === 'kill.requested');
    assert.equal(Object(Object(killed?.entry['proofs'])[0]).method, 'service-key');
    const { requiredRoles } = await here.question(String(Object(latch).runId), 'kill-confirmation');
    assert.deepEqual(requiredRoles, ['execution-trader', 'risk-officer']);
  });

  it('leaves ledgers that are whole and give nothing away', async () => {
    await ledgersAreWhole(here);
    await nothingIsGivenAway(here);
  });
});
