import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Run } from '../../../domain/control-record.ts';
import { StrategyId } from '../../../domain/ids.ts';
import { addIncidents } from '../../../domain/venue-incident/add-incidents.ts';
import { closeAsStable } from '../../../domain/venue-incident/close-as-stable.ts';
import { closeIncident } from '../../../domain/venue-incident/close-incident.ts';
import { fileOpening } from '../../../domain/venue-incident/file-opening.ts';
import { listIncidents } from '../../../domain/venue-incident/list-incidents.ts';
import { throttleStrategy } from '../../../domain/venue-incident/throttle-strategy.ts';
import { VenueIncidentQuery } from '../../../domain/venue-incident/venue-incident-query.ts';
import { VenueIncidentRequest } from '../../../domain/venue-incident/venue-incident-request.ts';
import { venueInput } from '../../../domain/venue-incident/venue-step.ts';
import { REGISTRATION, RUN, STRATEGY, stateOf, trader, type World } from '../../fakes/world.ts';
import { entriesOf, FOLDER, ID, incidentIn, open, trading, VENUE } from './a-venue-incident.ts';

const OTHER = StrategyId.parse('eth-momentum');
const ELSEWHERE = StrategyId.parse('eurusd-carry');

/** Three strategies that trade, one of them at another venue. */
function three(): World {
  const made = trading();
  for (const [id, venues] of [
    [OTHER, REGISTRATION.venues],
    [ELSEWHERE, [{ id: 'XFX', url: 'http://127.0.0.1:1/XFX' }]],
  ] as const) {
    made.store.records.set(`REGISTRATION#${id}`, {
      kind: 'REGISTRATION',
      record: { ...REGISTRATION, id, venues: [...venues] },
    });
    made.store.strategies.set(id, { ...stateOf(made), id });
  }
  return made;
}

const add = (made: World, request: object = {}, { mic = VENUE, key = 'sub-trader/one' } = {}) =>
  addIncidents({ mic, actor: trader.subject, key, request: VenueIncidentRequest.parse(request) }, made.ports);
const list = (made: World, query: object = {}) => listIncidents(VenueIncidentQuery.parse(query), made.ports);
const off = (made: World, id: StrategyId) => {
  const state = made.store.strategies.get(id);
  if (state) made.store.strategies.set(id, { ...state, mode: 'OFF' });
};

describe('addIncidents', () => {
  it('throttles every strategy that trades there, and no other', async () => {
    const made = three();

    const { incidents, failed, summary } = await add(made, { reason: 'no acks' });

    assert.deepEqual(incidents.map(({ strategyId }) => strategyId).sort(), [STRATEGY, OTHER]);
    assert.deepEqual([failed, summary], [[], 'XSIM: 2 incidents opened, 0 noted']);
    assert.equal(made.store.strategies.get(ELSEWHERE)?.mode, 'ACTIVE');
    assert.equal(incidents[0]?.file, `${FOLDER}venue_incidents.md`);
  });

  it('takes one strategy alone where it is named, with the ticket and the rate', async () => {
    const made = three();

    const { incidents, summary } = await add(made, { strategy: STRATEGY, ticket: ' VN-1 ', ordersPerSec: 2 });

    assert.equal(incidents.length, 1);
    assert.match(summary, /btc-momentum goes down to 2 orders\/s, and is killed at .* \(5 minutes\)/);
    assert.deepEqual((await incidentIn(made)).tickets[0]?.ticket, 'VN-1');
    assert.equal(made.store.strategies.get(OTHER)?.mode, 'ACTIVE');
  });

  it('is refused for no form: what cannot be read is left out', async () => {
    for (const request of [
      { ticket: 7, ordersPerSec: 'fast', reason: { a: 1 } },
      { ticket: 'a\u0000b', ordersPerSec: -1, strategy: null },
      'no object',
    ]) {
      const made = trading();
      const [added] = (await add(made, request as object)).incidents;
      assert.equal(added?.changed, true);
      assert.deepEqual([(await incidentIn(made)).tickets, stateOf(made).maxOrdersPerSec], [[], 1]);
      assert.equal((await incidentIn(made)).reason, 'not given');
    }
  });

  it('refuses an unknown strategy, whatever was written there, and a venue at which nothing is registered', async () => {
    await assert.rejects(add(three(), { strategy: 7 }), { name: 'UnknownStrategy' });
    await assert.rejects(add(three(), { strategy: 'nobody' }), { name: 'UnknownStrategy' });
    await assert.rejects(add(three(), {}, { mic: 'XNONE' }), { name: 'UnknownVenue' });
  });

  it('lets no strategy hold up another, and says which it failed for', async () => {
    const made = three();
    const commit = made.store.commit.bind(made.store);
    made.store.commit = async (before, ...rest) => {
      if (before.id === OTHER) throw new Error('throttled by the store');
      return commit(before, ...rest);
    };

    const { incidents, failed, summary } = await add(made);

    assert.equal(incidents.length, 1);
    assert.deepEqual(failed, [{ strategyId: OTHER, problem: 'the control plane failed at it; ask again' }]);
    assert.match(summary, /it failed for 1 others/);

    made.store.losing = 1_000;
    made.store.commit = commit;
    await assert.rejects(add(made, {}, { key: 'k2', mic: 'XFX' }), { name: 'Contended' });
  });

  it('throttles the others where nobody can tell at which venues one trades', async () => {
    const made = three();
    made.store.records.delete(`REGISTRATION#${ELSEWHERE}`);

    const { incidents, failed } = await add(made);

    assert.equal(incidents.length, 2);
    assert.deepEqual(failed, [{ strategyId: ELSEWHERE, problem: 'eurusd-carry is not registered' }]);
    off(made, ELSEWHERE);
    await assert.rejects(add(made, {}, { mic: 'XNONE', key: 'k2' }), { name: 'UnknownVenue' });
  });

  it('says in words of ours why it failed for one', async () => {
    const made = three();
    const commit = made.store.commit.bind(made.store);
    made.store.commit = async (before, ...rest) => (before.id === OTHER ? undefined : commit(before, ...rest));

    const { failed } = await add(made);

    assert.deepEqual(failed, [{ strategyId: OTHER, problem: 'eth-momentum is being changed by others' }]);
  });

  it('does nothing where nothing trades, but logs the ticket that an ended incident waits for', async () => {
    const made = three();
    await add(made, { strategy: STRATEGY });
    off(made, STRATEGY);
    off(made, OTHER);

    assert.equal((await add(made, {}, { key: 'k2' })).summary, 'nothing trades at XSIM: there is nothing to throttle');
    const { incidents } = await add(made, { ticket: 'VN-9' }, { key: 'k3' });

    assert.deepEqual([incidents.length, incidents[0]?.strategyId], [1, STRATEGY]);
    assert.equal((await incidentIn(made)).tickets.length, 1);
    const named = await add(made, { strategy: OTHER }, { key: 'k4' });
    assert.deepEqual([named.incidents[0]?.file, named.incidents[0]?.incident], [null, null]);
  });
});

describe('incidents of venues', () => {
  it('are listed, of a strategy, of a venue, or those that are open', async () => {
    const made = three();
    await add(made);
    off(made, OTHER);
    const other = await made.store.get('VENUEINCIDENT', `${OTHER}-${VENUE}`);
    assert.ok(other);
    await closeIncident(venueInput(other), made.ports);

    const ids = async (query: object) => (await list(made, query)).incidents.map(({ id }) => id).sort();
    assert.deepEqual(await ids({}), [ID, `${OTHER}-${VENUE}`]);
    assert.deepEqual(await ids({ state: 'open' }), [ID]);
    assert.deepEqual(await ids({ strategy: OTHER }), [`${OTHER}-${VENUE}`]);
    assert.deepEqual(await ids({ venue: 'XFX' }), []);
  });

  it('are shown with the file in which their run logs them, rendered as it is now', async () => {
    const made = trading();
    await add(made, { ticket: 'VN-1', reason: 'no acks' });

    const { incidents, file } = await list(made, { id: ID });

    assert.equal(incidents[0]?.reason, 'no acks');
    assert.equal(file?.path, `${FOLDER}venue_incidents.md`);
    assert.match(String(file?.text), /\| XSIM \| {2}\| sub-trader \| opened: no acks; throttled to 1 orders\/s/);
    assert.match(String(file?.text), /\| XSIM \| VN-1 \| sub-trader \|/);
    await assert.rejects(list(made, { id: 'nothing' }), { name: 'NotFound' });
  });

  it('are filed with the launch, also where it was resumed since', async () => {
    const made = trading();
    const launch = await made.store.get('RUN', RUN);
    assert.ok(launch);
    const resumed: Run = { ...launch, id: 'resume-1' as Run['id'], machine: 'resume', request: { resumes: RUN } };
    await made.store.put({ kind: 'RUN', record: resumed });
    made.store.strategies.set(STRATEGY, { ...stateOf(made), run: { id: resumed.id, ticket: 'TP-1' } });
    await open(made);
    const step = venueInput(await incidentIn(made));

    const { summary } = await fileOpening(step, made.ports);

    assert.equal(summary, `logged in ${FOLDER}venue_incidents.md`);
    assert.equal((await made.store.get('RUN', step.runId))?.ticket, 'TP-1');
  });

  it('have no file where no run traded', async () => {
    const made = trading();
    const { run: _none, ...state } = stateOf(made);
    made.store.strategies.set(STRATEGY, state);
    await open(made);

    const { summary } = await fileOpening(venueInput(await incidentIn(made)), made.ports);

    assert.match(summary, /no run traded/);
    assert.equal((await list(made, { id: ID })).file, undefined);
  });

  it('say of a fragment that is gone that it cannot be read', async () => {
    const made = trading();
    await add(made);
    made.evidence.read = async () => undefined;

    assert.match(String((await list(made, { id: ID })).file?.text), /not readable/);
  });

  it('are throttled again by the machine, once', async () => {
    const made = trading();
    await open(made);
    const step = venueInput(await incidentIn(made));

    const again = await throttleStrategy(step, made.ports);
    made.store.records.delete(`COMMAND#${step.runId}/throttle`);
    const noted = await throttleStrategy(step, made.ports);
    assert.deepEqual([again.verdict, noted.verdict], ['done', 'nothing-to-do']);
    assert.equal(entriesOf(made, 'strategy.throttled').length, 1);

    const { restriction: _lost, ...state } = stateOf(made);
    made.store.strategies.set(STRATEGY, { ...state, mode: 'ACTIVE', maxOrdersPerSec: 4 });
    const repaired = await throttleStrategy(step, made.ports);
    assert.deepEqual([repaired.verdict, stateOf(made).maxOrdersPerSec], ['done', 1]);
  });

  it('go on where they were to be closed and nothing has ended them', async () => {
    const made = trading();
    await open(made);
    await open(made, { ticket: 'VN-1', commandId: 'sub-trader/one' });
    const step = venueInput(await incidentIn(made));

    await assert.rejects(closeIncident(step, made.ports), { name: 'VenueUnstable' });

    made.store.strategies.set(STRATEGY, { ...stateOf(made), run: { id: 'another' as Run['id'] } });
    assert.match((await closeIncident(step, made.ports)).summary, /trades in another run by now/);
    assert.deepEqual(entriesOf(made, 'venue-incident.closed')[0]?.payload['tickets'], ['VN-1']);
  });

  it('leave alone a newer one that took their place', async () => {
    const made = trading();
    await open(made);
    const { runId } = await incidentIn(made);
    const run = await made.store.get('RUN', runId);
    assert.ok(run);
    const old = { ...venueInput(await incidentIn(made)), runId: 'venue-instability-old' as Run['id'] };
    await made.store.put({ kind: 'RUN', record: { ...run, id: old.runId } });

    const over = await closeIncident(old, made.ports);
    const stable = await closeAsStable(old, made.ports);

    assert.deepEqual([over.summary, over.verdict], ['a newer incident of XSIM took its place', 'nothing-to-do']);
    assert.equal(stable.verdict, 'nothing-to-do');
    assert.match(stable.summary, /^a newer incident took its place; two people restore/);
    await assert.rejects(fileOpening(old, made.ports), {
      name: 'VenueIncidentOver',
      message: `a newer incident of XSIM is watched by ${runId}`,
    });
    assert.equal((await incidentIn(made)).status, 'open');
  });
});
