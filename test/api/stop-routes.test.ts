import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Drain } from '../../domain/stop/drain.ts';
import { REGISTRATION, RUN, STRATEGY, stateOf } from '../fakes/world.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';

const STOPS = `/v1/strategies/${STRATEGY}/stops`;
const KEY = { 'idempotency-key': 'key-0001' };
const LONDON = { at: '16:35', timeZone: 'Europe/London' };

const post = (made: ApiWorld, path: string, options: object = {}) =>
  made.send('command', path, { as: 'trader', headers: KEY, ...options });
const bodyOf = async (response: Response): Promise<Record<string, unknown>> => response.json() as never;
const look = async (made: ApiWorld, path: string) =>
  bodyOf(await made.send('query', path, { as: 'auditor', method: 'GET' }));

describe('POST stops with a time', () => {
  it('plans a halt, and stops nothing', async () => {
    const made = apiWorld();

    const response = await post(made, STOPS, { body: { ...LONDON, reason: 'end of day' } });

    const { halt, receipt } = await bodyOf(response);
    assert.deepEqual(
      [response.status, Object(halt).at, made.executions.started],
      [202, '2026-11-24T16:35:00.000Z', []],
    );
    assert.ok(receipt);
  });

  it('refuses a malformed one with its fields, and needs a key', async () => {
    const made = apiWorld();

    const malformed = await bodyOf(await post(made, STOPS, { body: { at: 'noon', timeZone: 'GMT+1' } }));
    assert.deepEqual([malformed['code'], Object(malformed['facts']).fields], ['InvalidRequest', ['at', 'timeZone']]);
    for (const body of [{ timeZone: 'Europe/London' }, { on: '2026-11-30' }, { at: 16 }])
      assert.equal((await bodyOf(await post(made, STOPS, { body })))['code'], 'InvalidRequest', JSON.stringify(body));
    assert.deepEqual([made.executions.started, stateOf(made).mode], [[], 'OFF']);
    const keyless = await post(made, STOPS, { body: LONDON, headers: {} });
    assert.equal((await bodyOf(keyless))['code'], 'IdempotencyKeyMissing');
    assert.equal(made.store.records.has(`PLANNEDHALT#${STRATEGY}`), false);
  });

  it('is for those who may stop', async () => {
    const response = await post(apiWorld(), STOPS, { as: 'quant', body: LONDON });

    assert.equal((await bodyOf(response))['code'], 'WrongRole');
  });
});

describe('POST cancellation', () => {
  it('takes a planned halt back, whatever the body is', async () => {
    for (const raw of ['', '{', '{"reason":"later"}', '7']) {
      const made = apiWorld();
      const { halt } = await bodyOf(await post(made, STOPS, { body: LONDON }));

      const response = await post(made, `${STOPS}/${Object(halt).id}/cancellation`, {
        raw,
        headers: { 'idempotency-key': 'key-0002' },
      });

      assert.deepEqual([response.status, Object((await bodyOf(response))['halt']).status], [200, 'cancelled'], raw);
    }
  });

  it('is refused for a halt that is not there, and by nobody who may not', async () => {
    const made = apiWorld();

    const unknown = await post(made, `${STOPS}/halt-000000000000/cancellation`);
    assert.deepEqual([unknown.status, (await bodyOf(unknown))['code']], [404, 'NotFound']);
    const quant = await post(made, `${STOPS}/halt-000000000000/cancellation`, { as: 'quant' });
    assert.equal(quant.status, 403);
  });
});

describe('GET calendar', () => {
  it('shows what is to come first, in UTC and on the clocks of the venue', async () => {
    const made = apiWorld();
    const plan = async (key: string, at: string) =>
      Object(
        (await bodyOf(await post(made, STOPS, { body: { ...LONDON, at }, headers: { 'idempotency-key': key } })))[
          'halt'
        ],
      ).id;
    const first = await plan('key-0001', '17:00');
    await post(made, `${STOPS}/${first}/cancellation`, { headers: { 'idempotency-key': 'key-0002' } });
    const next = await plan('key-0003', '16:35');

    const { halts } = await look(made, '/v1/calendar');

    assert.deepEqual(
      Object(halts).map(({ id, status, venue, at }: Record<string, unknown>) => [id, status, venue, at]),
      [
        [next, 'scheduled', 'XSIM', { utc: '2026-11-24T16:35:00.000Z', local: '2026-11-24 16:35 +00:00 UTC' }],
        [first, 'cancelled', 'XSIM', { utc: '2026-11-24T17:00:00.000Z', local: '2026-11-24 17:00 +00:00 UTC' }],
      ],
    );
    assert.deepEqual(await look(made, '/v1/calendar?strategy=another'), { halts: [] });
  });

  it('goes on where the strategy or the calendar of its venue is not there any more', async () => {
    const made = apiWorld();
    await post(made, STOPS, { body: LONDON });
    made.store.records.delete('CALENDAR#XSIM');
    made.store.records.delete(`REGISTRATION#${STRATEGY}`);

    const { halts } = await look(made, '/v1/calendar');

    assert.deepEqual([Object(halts)[0].venue, Object(halts)[0].at], ['unknown', { utc: '2026-11-24T16:35:00.000Z' }]);
  });
});

describe('the view of a strategy', () => {
  const drain = Drain.parse({
    ...{ id: STRATEGY, run: RUN, at: '2026-11-24T11:59:59.000Z', until: '2026-11-24T12:01:30.000Z', policy: 'cancel' },
    ...{ engines: [{ instance: 'btc-momentum-1', open: 2 }], venues: [{ venue: 'XSIM', open: 2 }] },
  });

  it('counts the drain of the stop under way down, and of no other', async () => {
    const made = apiWorld();
    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'STOPPING', run: { id: RUN } });
    await made.store.put({ kind: 'DRAIN', record: drain });

    const { drain: shown } = await look(made, `/v1/strategies/${STRATEGY}`);
    assert.deepEqual(
      [Object(shown).secondsLeft, Object(shown).policy, Object(shown).venues, Object(shown).engines],
      [90, 'cancel', [{ venue: 'XSIM', open: 2 }], [{ instance: 'btc-momentum-1', open: 2 }]],
    );
    made.pass(600_000);
    assert.equal(Object((await look(made, `/v1/strategies/${STRATEGY}`))['drain']).secondsLeft, 0);
    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'ACTIVE' });
    assert.equal((await look(made, `/v1/strategies/${STRATEGY}`))['drain'], null);
  });

  it('shows the planned halt, and the orders that a stop has left', async () => {
    const made = apiWorld();
    await post(made, STOPS, { body: LONDON });
    const order = {
      venue: 'XSIM',
      orderId: 'a',
      instrument: 'I',
      side: 'buy' as const,
      quantity: 1,
      price: 2,
      notional: 2,
    };
    await made.store.put({ kind: 'DRAIN', record: { ...drain, left: [order] } });

    const { plannedHalts, ordersLeft } = await look(made, `/v1/strategies/${STRATEGY}`);

    assert.deepEqual([Object(plannedHalts)[0].status, ordersLeft], ['scheduled', [order]]);
    assert.equal(REGISTRATION.primaryVenue, 'XSIM');
  });
});
