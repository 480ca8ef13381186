import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { eventually } from '../../rehearsal/eventually.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { watchedBy } from './agreed-monitors.ts';
import { HARDLY_FILLED } from './evidence.ts';
import { launchedUntil } from './launching.ts';
import { BTC, onALocalHost } from './on-a-local-host.ts';
import { ledgersAreWhole } from './proof-of-the-ledgers.ts';
import { isRefusal } from './refused.ts';
import { told } from './told.ts';

const ID = `${BTC}-XSIM`;
const Incident = z.looseObject({
  ...{ runId: z.string(), status: z.string(), by: z.string(), openedAt: z.string(), killAt: z.string() },
  ...{ tickets: z.array(z.looseObject({ ticket: z.string() })), outcome: z.string().optional() },
});
const Shown = z.looseObject({
  incidents: z.array(Incident).length(1),
  file: z.object({ path: z.string(), text: z.string() }).optional(),
});
/** Short times; so few orders are enough to tell that the venue is fast again. */
const SHORT = { latency: { windowSeconds: 10, minSamples: 3, quietMinutes: 0.1 }, alerts: { resolveAfterSeconds: 2 } };

describe('runbook 5.3: an execution venue is unstable', { skip: !isDeep && DEEP }, () => {
  const here = onALocalHost();
  const show = async () => Shown.parse(await here.look(`/v1/venue-incidents?id=${ID}`));
  const [one, opens] = [
    async () => (await show()).incidents[0],
    () => here.look(`/v1/venue-incidents?id=${ID}`).then(show, () => undefined),
  ];
  const ended = (status: string, withinMs: number) =>
    eventually(
      `an incident that is ${status}`,
      () => delay(200).then(one),
      (seen) => seen?.status === status,
      withinMs,
    );
  const typesOf = async () => (await here.log(BTC)).entries.map(({ entry }) => String(entry['type']));

  it('throttles to the mitigation value by itself, and tells people until when', async () => {
    const venue = { mitigationOrdersPerSec: 2, killAfterSeconds: 120, stableSeconds: 5 };
    await watchedBy(here.host.data, BTC, { ...SHORT, venue });
    await here.evidence.approve(BTC, HARDLY_FILLED);
    await launchedUntil(here, BTC, 'nothing: it is live');
    await here.fault('slow-venue', true);

    const opened = await eventually(
      'an incident',
      () => delay(200).then(opens),
      (seen) => seen !== undefined,
      60_000,
    );

    const [incident] = opened?.incidents ?? [];
    assert.ok(incident);
    assert.deepEqual([incident.status, incident.by], ['open', 'service:watchdog']);
    assert.equal(Date.parse(incident.killAt) - Date.parse(incident.openedAt), 120_000);
    await here.modeIs(BTC, 'THROTTLED');
    const engine = await eventually('the engine', here.eyes[BTC].engine, ({ mode }) => mode === 'THROTTLED');
    assert.equal(engine.mode, 'THROTTLED');
    assert.equal((await here.view(BTC)).maxOrdersPerSec, 2);
    const [message] = await told(here, { trigger: 'venue-incident', strategy: BTC }, [
      ...['#trading-ops', '#incidents', 'on-call page'],
    ]);
    assert.match(String(message?.text), /killed at .*none yet: call the venue/s);
  });

  it('logs the ticket of the venue in venue_incidents.md of the run', async () => {
    const { code, words } = await here.cli(
      ...['venue-incident', 'add', '--venue', 'XSIM', '--ticket', 'VN-123', '--as', 'sre'],
    );

    assert.equal(code, 0, words);
    const { incidents, file } = await show();
    assert.deepEqual(
      incidents[0]?.tickets.map(({ ticket }) => ticket),
      ['VN-123'],
    );
    assert.match(String(file?.path), /^reports\/live\/[\d-]+\/btc-momentum\/launch-[^/]+\/venue_incidents\.md$/);
    assert.match(String(file?.text), /opened: .*\n.*\| XSIM \| VN-123 \|/);
  });

  it('keeps the deadline: nobody closes it while the venue is slow', async () => {
    const answer = await here.ask(`/v1/venue-incidents/${ID}/closure`, { as: 'risk', body: { note: 'looks fine' } });

    isRefusal(answer, 'VenueUnstable', 409);
  });

  it('ends it when the venue is stable, and leaves the rate to two people', async () => {
    await here.fault('slow-venue', false);

    const { outcome, runId } = Incident.parse(await ended('stable', 110_000));

    assert.match(String(outcome), /stable again since/);
    assert.equal((await here.ended(runId)).status, 'SUCCEEDED');
    await told(here, { trigger: 'venue-stable', strategy: BTC }, ['#trading-ops', '#incidents', 'on-call page']);
    assert.equal((await here.view(BTC)).mode, 'THROTTLED');
  });

  it('kills what is not stable in time, with nothing left at the venue', async () => {
    const venue = { mitigationOrdersPerSec: 2, killAfterSeconds: 12, stableSeconds: 5 };
    await watchedBy(here.host.data, BTC, { ...SHORT, venue });
    await here.fault('slow-venue', true);

    const { latch } = await eventually(
      'the kill',
      () => delay(200).then(() => here.view(BTC)),
      ({ mode }) => mode === 'KILLED',
      120_000,
    );

    const { openedAt, killAt, outcome } = Incident.parse(await ended('killed', 30_000));
    const { initiatedBy, reason, at } = z
      .looseObject({ initiatedBy: z.string(), reason: z.string(), at: z.string() })
      .parse(latch);
    assert.deepEqual([initiatedBy, reason], ['service:venue-instability', 'XSIM unstable for more than 12 seconds']);
    assert.equal(Date.parse(killAt) - Date.parse(openedAt), 12_000);
    assert.ok(at >= killAt && Date.parse(at) - Date.parse(killAt) < 5_000, `${at}, due at ${killAt}`);
    assert.match(String(outcome), /was killed: XSIM unstable/);
    await eventually('nothing at the venue', here.eyes[BTC].restingOrders, (orders) => orders === 0, 30_000);
    await eventually('the proof', typesOf, (types) => types.includes('kill.venues-empty'), 30_000);
    await here.fault('slow-venue', false);
  });

  it('leaves ledgers that are whole', () => ledgersAreWhole(here));
});
