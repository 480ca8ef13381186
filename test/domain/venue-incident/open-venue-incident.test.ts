import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ExecutionStatusChange, followExecution } from '../../../domain/follow-execution.ts';
import { resumeMachines } from '../../../domain/health/resume-machines.ts';
import { StrategyId } from '../../../domain/ids.ts';
import { fileIncident } from '../../../domain/venue-incident/file-incident.ts';
import { VenueStep, venueInput } from '../../../domain/venue-incident/venue-step.ts';
import { lengthWords } from '../../../domain/venue-incident/venue-words.ts';
import { watchAgain } from '../../../domain/venue-incident/watch-again.ts';
import { messagesIn, toldIn } from '../../fakes/told.ts';
import { START, STRATEGY, stateOf, trader, type World } from '../../fakes/world.ts';
import { entriesOf, FOLDER, ID, incidentIn, open, trading, typesOf, VENUE } from './a-venue-incident.ts';

const PERSON = { actor: trader.subject, commandId: 'sub-trader/one' };
const mode = (made: World, now: 'OFF' | 'SAFE' | 'THROTTLED') =>
  made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: now });
const ended = async (made: World, status: 'stable' | 'killed') =>
  made.store.put({
    kind: 'VENUEINCIDENT',
    record: { ...(await incidentIn(made)), status, endedAt: made.clock.now.toISOString(), outcome: 'over' },
  });
const files = (made: World) => [...made.evidence.files.keys()].filter((key) => key.includes('venue-incidents/'));

describe('openVenueIncident', () => {
  it('records the incident with its deadline, throttles to the mitigation value, and starts the machine', async () => {
    const made = trading();

    const reply = await open(made);

    assert.deepEqual([reply.changed, reply.status, reply.killAt], [true, 'open', '2026-11-24T12:05:00.000Z']);
    assert.deepEqual([stateOf(made).mode, stateOf(made).maxOrdersPerSec], ['THROTTLED', 1]);
    assert.equal(stateOf(made).restriction?.causes[0]?.id, ID);
    assert.equal(reply.throttled?.instances.length, 2);
    const [started] = made.executions.started;
    assert.deepEqual([started?.machine, started?.name], ['venue-instability', reply.runId]);
    assert.deepEqual(started?.input, {
      ...{ strategyId: STRATEGY, venue: VENUE, runId: reply.runId },
      ...{ openedAt: '2026-11-24T12:00:00.000Z', killAt: '2026-11-24T12:05:00.000Z' },
    });
    assert.equal((await made.store.get('RUN', String(reply.runId)))?.status, 'RUNNING');
  });

  it('tells people to call the venue, and until when it is stable or killed', async () => {
    const made = trading();

    await open(made);

    const [slack] = toldIn(made, 'venue-incident').filter(({ channel }) => channel === '#trading-ops');
    assert.equal(slack?.subject, 'XSIM is unstable for btc-momentum: acknowledgements stay away');
    assert.match(String(slack?.text), /throttled to 1 orders\/s, and killed at 2026-11-24T12:05/);
    assert.match(String(slack?.text), /none yet: call the venue, then tradepulse-cli venue-incident add --venue XSIM/);
  });

  it('is one incident however often a monitor finds the same, and moves no deadline', async () => {
    const made = trading();
    const first = await open(made);
    made.pass(60_000);

    const again = await open(made);
    const other = await open(made, { commandId: 'watchdog/two' });

    assert.deepEqual([again.changed, other.changed], [false, false]);
    assert.deepEqual([other.runId, other.killAt], [first.runId, first.killAt]);
    assert.match(other.summary, /is open already/);
    assert.deepEqual(typesOf(made, 'venue-incident.'), ['venue-incident.opened']);
    assert.equal(messagesIn(made, 'venue-incident').length, 1);
  });

  it('opens another for a monitor that finds the same again after one has ended', async () => {
    const made = trading();
    const first = await open(made);
    await ended(made, 'stable');
    made.pass(60_000);

    const again = await open(made);

    assert.equal(again.changed, true);
    assert.notEqual(again.runId, first.runId);
    const repeated = await open(made);
    assert.deepEqual([repeated.changed, repeated.runId, repeated.throttled === null], [false, again.runId, false]);
    assert.equal((await incidentIn(made)).version, 2);
  });

  it('opens another in another run, whatever became of the watch of the one before', async () => {
    const made = trading();
    await open(made);
    const { run: _before, ...rest } = stateOf(made);
    made.store.strategies.set(STRATEGY, rest);

    const again = await open(made, { commandId: 'watchdog/two' });

    assert.equal(again.changed, true);
    assert.equal((await incidentIn(made)).tradingRun, undefined);
    assert.equal(await fileIncident(await incidentIn(made), made.ports), undefined);
  });

  it('takes a rate and a ticket of a person, never a higher rate than there is', async () => {
    const made = trading();

    const reply = await open(made, { ...PERSON, ordersPerSec: 2.5, ticket: 'VN-1' });
    assert.equal(stateOf(made).maxOrdersPerSec, 2.5);
    assert.equal(entriesOf(made, 'venue-incident.')[0]?.payload['ticket'], 'VN-1');
    assert.equal(reply.throttled?.approvedOrdersPerSec, 4);

    const other = trading();
    await open(other, { ...PERSON, ordersPerSec: 100 });
    assert.deepEqual([stateOf(other).mode, stateOf(other).maxOrdersPerSec], ['ACTIVE', 4]);
  });

  it('takes the usual values where no thresholds are deployed', async () => {
    const made = trading();
    made.store.records.delete('MONITORS#monitors');

    const { killAt } = await open(made);

    assert.deepEqual([killAt, stateOf(made).maxOrdersPerSec], ['2026-11-24T12:05:00.000Z', 1]);
  });

  it('keeps the deadline where engines or the machine cannot be reached, and says when both fail', async () => {
    const made = trading();
    made.executions.down = true;

    assert.equal((await open(made)).throttled?.mode, 'THROTTLED');

    const other = trading();
    const commit = other.store.commit.bind(other.store);
    other.store.commit = async (before, decision, at) => {
      if (decision.entries.some(({ type }) => type === 'strategy.throttled')) throw new Error('away');
      return commit(before, decision, at);
    };
    assert.equal((await open(other)).throttled, null);
    other.executions.down = true;
    await assert.rejects(open(other), /away/);
    assert.equal((await incidentIn(other)).status, 'open');
  });

  it('leaves alone what sends no orders, and says so', async () => {
    const made = trading();
    mode(made, 'SAFE');

    const reply = await open(made);

    assert.deepEqual([reply.changed, reply.incident, reply.throttled], [false, null, null]);
    assert.match(reply.summary, /btc-momentum is SAFE: it sends nothing/);
    assert.equal(entriesOf(made).length, 0);
  });

  it('refuses a venue at which the strategy does not trade, and a strategy that nobody knows', async () => {
    const made = trading();

    await assert.rejects(open(made, { venue: 'XNYS' }), { name: 'UnknownVenue', facts: { venues: ['XSIM'] } });
    await assert.rejects(open(made, { strategyId: StrategyId.parse('nobody') }), { name: 'UnknownStrategy' });
  });
});

describe('a ticket of the venue', () => {
  const log = (made: World, ticket: string, commandId: string = ticket) => open(made, { ...PERSON, ticket, commandId });

  it('is logged with the open incident, each once, and in the folder of the run', async () => {
    const made = trading();
    await open(made);

    const reply = await log(made, 'VN-1');
    await log(made, 'VN-1', 'again');
    await log(made, 'VN-2');

    assert.match(reply.summary, /ticket VN-1 of XSIM is logged for btc-momentum; it is killed at/);
    const incident = await incidentIn(made);
    assert.deepEqual(
      incident.tickets.map(({ ticket, by }) => [ticket, by]),
      [
        ['VN-1', 'sub-trader'],
        ['VN-2', 'sub-trader'],
      ],
    );
    assert.equal(await fileIncident(incident, made.ports), `${FOLDER}venue_incidents.md`);
    assert.equal(await fileIncident(incident, made.ports), `${FOLDER}venue_incidents.md`);
    assert.equal(files(made).length, 3);
    assert.deepEqual(typesOf(made, 'venue-incident.').slice(1), ['venue-incident.ticket', 'venue-incident.ticket']);
  });

  it('is that of the incident which has just ended, where nothing trades any more or none was logged', async () => {
    for (const [status, now] of [
      ['killed', 'SAFE'],
      ['stable', 'THROTTLED'],
    ] as const) {
      const made = trading();
      await open(made);
      await ended(made, status);
      mode(made, now);
      made.pass(3_600_000);

      const reply = await log(made, 'VN-3');

      assert.deepEqual([reply.changed, reply.status, reply.killAt], [false, status, null]);
      assert.equal((await incidentIn(made)).tickets.length, 1);
      assert.equal(reply.throttled, null);
    }
  });

  it('is logged alone where nothing trades and nothing was open: there is nothing to watch', async () => {
    const made = trading();
    mode(made, 'OFF');

    const reply = await log(made, 'VN-4');

    assert.match(reply.summary, /is OFF: nothing to throttle; ticket VN-4 is logged/);
    assert.deepEqual([reply.status, made.executions.started.length], ['closed', 0]);
    await fileIncident(await incidentIn(made), made.ports);
    assert.equal(files(made).length, 1);
    assert.equal(messagesIn(made).length, 0);
  });

  it('opens a new incident a day later', async () => {
    const made = trading();
    await open(made);
    await ended(made, 'stable');
    made.pass(25 * 3_600_000);

    assert.equal((await log(made, 'VN-5')).changed, true);
  });

  it('keeps the newest fifty at hand', async () => {
    const made = trading();
    await open(made);

    for (let number = 1; number <= 51; number += 1) await log(made, `VN-${number}`);

    const { tickets } = await incidentIn(made);
    assert.deepEqual([tickets.length, tickets[0]?.ticket], [50, 'VN-2']);
  });
});

describe('the machine of an incident', () => {
  it('is started by the sweep where it could not be started then, with its own deadline', async () => {
    const made = trading();
    made.executions.down = true;
    const { runId } = await open(made);
    made.executions.down = false;
    made.pass(90_000);

    assert.equal(await resumeMachines([], made.ports), 1);
    assert.equal(await resumeMachines([], made.ports), 0);

    const [started] = made.executions.started;
    assert.deepEqual([started?.machine, started?.name], ['venue-instability', runId]);
    assert.deepEqual(VenueStep.parse(started?.input), venueInput(await incidentIn(made)));
  });

  it('is followed under a name of the same length, and for no other machine', async () => {
    const made = trading();
    await open(made);
    const step = venueInput(await incidentIn(made));
    const run = await made.store.get('RUN', step.runId);
    const aborted = { name: step.runId, status: 'ABORTED' as const };

    const successor = await watchAgain(run, aborted, made.ports);

    assert.equal(successor?.length, step.runId.length);
    assert.deepEqual(made.executions.started.at(-1), { machine: 'venue-instability', name: successor, input: step });
    assert.equal(await watchAgain(run, { ...aborted, status: 'SUCCEEDED' }, made.ports), undefined);
    assert.equal(await watchAgain(undefined, aborted, made.ports), undefined);
  });

  it('is followed by another when it was aborted, and its run goes on; not when the incident is over', async () => {
    const made = trading();
    const { runId } = await open(made);
    const aborted = ExecutionStatusChange.parse({
      detail: { name: runId, stateMachineArn: 'a:venue-instability', status: 'ABORTED', stopDate: START.getTime() },
    });

    const { summary } = await followExecution(aborted, made.ports);

    assert.match(summary, /ended ABORTED: venue-instability-btc-momentum-20261124-[0-9a-f]{12} goes on/);
    assert.equal(made.executions.started.length, 2);
    assert.equal((await made.store.get('RUN', String(runId)))?.status, 'RUNNING');

    await ended(made, 'killed');
    await followExecution(aborted, made.ports);
    assert.deepEqual(
      [made.executions.started.length, (await made.store.get('RUN', String(runId)))?.status],
      [2, 'ABORTED'],
    );
  });
});

it('lengths are whole minutes where they are, else seconds', () => {
  assert.deepEqual([60_000, 300_000, 90_000, 1_000, 0].map(lengthWords), [
    ...['1 minute', '5 minutes', '90 seconds', '1 second', '0 seconds'],
  ]);
});
