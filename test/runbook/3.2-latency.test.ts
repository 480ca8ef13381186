import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { RestrictionLifted } from '../../cli/replies.ts';
import { eventually } from '../../rehearsal/eventually.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { answer, launchedUntil } from './launching.ts';
import { BTC, onALocalHost } from './on-a-local-host.ts';
import { thresholds } from './own-thresholds.ts';
import { told } from './told.ts';

const Restricted = z.looseObject({ mode: z.string(), maxOrdersPerSec: z.number(), changed: z.boolean() });
const Restriction = z.looseObject({
  approvedOrdersPerSec: z.number(),
  causes: z.array(z.looseObject({ id: z.string(), by: z.string() })),
  effect: z.array(z.looseObject({ inForce: z.boolean() })),
});
const Venues = z.looseObject({
  port: z.int(),
  venues: z.array(z.looseObject({ id: z.string(), controlKeys: z.array(z.string()).min(1) })),
});
const Accepted = z.looseObject({ orders: z.array(z.unknown()) });

/** A machine that is busy with other tests may be slower than the runbook allows by itself. */
const SLOW_MACHINE_MS = 20_000;
const MINUTE_AND_SOME = 100_000;
const SOME_SECONDS = 5_000;

describe('runbook 3.2: order round trips stay below 120 ms, or the rate of orders is lowered', {
  skip: !isDeep && DEEP,
}, () => {
  const here = onALocalHost();
  const lift = () => here.ask(`/v1/strategies/${BTC}/lifts`, { as: 'trader', body: { reason: 'fast again' } });
  const restriction = async () => Restriction.parse((await here.look(`/v1/strategies/${BTC}`))['restriction']);
  const engineIs = (mode: string) =>
    eventually(`the engine ${mode}`, here.eyes[BTC].engine, (seen) => seen.mode === mode);

  /** From which latency on the rate is lowered: the watchdog reads it within a minute. Quiet times are short, and few orders are enough. */
  const slowerThan = (p95Ms: number) =>
    thresholds(here.host.data, BTC, {
      latency: { p95Ms, pageP95Ms: 30_000, windowSeconds: 10, minSamples: 5, quietMinutes: 0.1 },
      alerts: { resolveAfterSeconds: 2 },
    });

  /** How many orders the venue itself has taken within a time from now on. */
  async function takenWithin(ms: number): Promise<number> {
    const { port, venues } = Venues.parse(JSON.parse(await readFile(join(here.host.data, 'venue.json'), 'utf8')));
    const key = venues.find(({ id }) => id === 'XSIM')?.controlKeys[0];
    const since = new Date();
    await delay(ms);
    const span = `since=${since.toISOString()}&until=${new Date().toISOString()}`;
    const response = await fetch(`http://127.0.0.1:${port}/XSIM/v1/orders/accepted?strategy=${BTC}&${span}`, {
      headers: { authorization: `Bearer ${key}` },
    });
    return Accepted.parse(await response.json()).orders.length;
  }

  const trades = () =>
    eventually(
      'orders at the venue',
      () => takenWithin(SOME_SECONDS),
      (taken) => taken > 0,
      60_000,
    );

  const lifted = async () => {
    const asked = RestrictionLifted.parse((await lift()).body);
    const question = (await here.approvals()).find(({ id }) => id === asked.approval);
    assert.ok(question, asked.summary);
    await answer(here, question, 'trader');
    assert.equal(RestrictionLifted.parse((await lift()).body).status, 'asked', 'one of two signatures');
    await answer(here, question, 'risk');
    assert.equal(RestrictionLifted.parse((await lift()).body).status, 'lifted');
    await here.modeIs(BTC, 'ACTIVE');
    await engineIs('ACTIVE');
  };

  it('one person throttles at once: the engine obeys, the venue takes nothing more, and two people lift it', async () => {
    await slowerThan(SLOW_MACHINE_MS);
    await launchedUntil(here, BTC, 'nothing: it is live');
    await trades();

    const { status, body } = await here.ask(`/v1/strategies/${BTC}/throttles`, {
      as: 'sre',
      body: { ordersPerSec: 0 },
    });

    const { mode, maxOrdersPerSec, changed } = Restricted.parse(body);
    assert.deepEqual([status, mode, maxOrdersPerSec, changed], [202, 'THROTTLED', 0, true]);
    await engineIs('THROTTLED');
    assert.equal(await takenWithin(SOME_SECONDS), 0, 'orders that the venue has taken since');
    await eventually('in force', restriction, ({ effect }) => effect.every(({ inForce }) => inForce));
    await lifted();
  });

  it('only reducing opens nothing more, and stands until two people lift it', async () => {
    await trades();

    const { body } = await here.ask(`/v1/strategies/${BTC}/reductions`, { as: 'risk', body: {} });

    assert.equal(Restricted.parse(body).mode, 'REDUCE_ONLY');
    await engineIs('REDUCE_ONLY');
    await lifted();
  });

  it('acknowledgements that take too long throttle by themselves, and those who trade are told', async () => {
    await trades();
    await slowerThan(120);
    await here.fault('slow-acks', true);

    await eventually(
      'a throttle',
      () => delay(250).then(() => here.view(BTC)),
      ({ mode }) => mode === 'THROTTLED',
      MINUTE_AND_SOME,
    );
    await engineIs('THROTTLED');

    const { causes, approvedOrdersPerSec } = await restriction();
    const { maxOrdersPerSec } = await here.view(BTC);
    assert.deepEqual([causes[0]?.by, maxOrdersPerSec], ['service:watchdog', approvedOrdersPerSec / 2]);
    assert.match(String(causes[0]?.id), new RegExp(`^${BTC}/latency/`));
    await told(here, { trigger: 'breach', strategy: BTC }, ['#trading-ops', '#risk', 'on-call page']);
    const { body } = await lift();
    assert.equal(body['code'], 'CauseStands', JSON.stringify(body));
  });

  it('is lifted by two people once that is over and has been quiet, and by nobody before', async () => {
    await here.fault('slow-acks', false);
    await slowerThan(SLOW_MACHINE_MS);
    const codes = new Set<unknown>();

    await eventually(
      'a lift that is asked',
      () => delay(500).then(lift),
      ({ status, body }) => {
        codes.add(body['code']);
        return status === 202;
      },
      MINUTE_AND_SOME,
    );
    await lifted();

    assert.ok(codes.has('CauseStands') && codes.has('QuietPeriod'), [...codes].join(', '));
    const { entries } = await here.log(BTC);
    const story = entries
      .map(({ entry }) => entry['type'])
      .filter((type) => /^strategy\.(throttled|reduced|lifted)$/.test(String(type)));
    assert.deepEqual(story, [
      ...['strategy.throttled', 'strategy.lifted', 'strategy.reduced', 'strategy.lifted'],
      ...['strategy.throttled', 'strategy.lifted'],
    ]);
  });
});
