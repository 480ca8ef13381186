import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { closeDataIncident } from '../../../domain/data-incident/close-data-incident.ts';
import type { DataIncident } from '../../../domain/data-incident/data-incident.ts';
import { dataIncidentPage } from '../../../domain/data-incident/data-incident-page.ts';
import { requireIncident } from '../../../domain/data-incident/incident-of-run.ts';
import { keepOversight } from '../../../domain/data-incident/keep-oversight.ts';
import { listDataIncidents } from '../../../domain/data-incident/list-data-incidents.ts';
import { noteDataIncident, readDataIncident } from '../../../domain/data-incident/note-data-incident.ts';
import { openDataIncident } from '../../../domain/data-incident/open-data-incident.ts';
import { proposeResumption } from '../../../domain/data-incident/propose-resumption.ts';
import { Refusal } from '../../../domain/refusal.ts';
import type { RunStep } from '../../../domain/run-step.ts';
import { verifyNothingRests } from '../../../domain/safe-mode/verify-nothing-rests.ts';
import { messagesIn } from '../../fakes/told.ts';
import { RUN, STRATEGY, stateOf, trader, type World } from '../../fakes/world.ts';
import {
  entered,
  entriesOf,
  incidentIn,
  liveWorld,
  passing,
  payloadOf,
  renewed,
  stepOf,
} from '../safe-mode/a-safe-mode.ts';

const incidentOf = (made: World): DataIncident => incidentIn(made) ?? assert.fail('there is no incident');

/** Looks until it says otherwise; answers what it said last. */
async function looked(made: World, step: RunStep, times: number, without: readonly string[] = []): Promise<unknown> {
  let said: unknown;
  for (let look = 0; look < times; look += 1) {
    await passing(made, 15, without);
    said = await keepOversight(step, made.ports).catch((error: unknown) => {
      assert.ok(error instanceof Refusal && error.code === 'OversightGoesOn', String(error));
      return error;
    });
  }
  return said;
}

describe('a data incident', () => {
  let made: World;
  let step: RunStep;
  beforeEach(async () => {
    made = liveWorld();
    step = stepOf(await entered(made, 'market-data'));
    await renewed(made, ['marketData']);
    await verifyNothingRests(step, made.ports);
    await openDataIncident(step, made.ports);
  });

  it('is opened with its owner, a first look at the exposure, and a file of the safe mode’s run', async () => {
    const { owner, file, exposure, course, tradingRun, status } = incidentOf(made);

    assert.deepEqual([owner, status, tradingRun, course.length], ['SRE on call', 'open', RUN, 1]);
    assert.equal(file.key, `reports/live/2026-11-24/${STRATEGY}/${step.runId}/data_incident.md`);
    assert.deepEqual(payloadOf(made, 'data-incident.opened')?.['file'], file);
    const [venue] = exposure.venues;
    assert.deepEqual([venue?.openOrders, venue?.positions?.[0]?.notional], [0, 200]);
    const page = Buffer.from(made.evidence.files.get(file.key) ?? '').toString();
    for (const said of [
      'SRE on call',
      '-2 BTC-PERP (200)',
      'not known',
      '1 realised, -10 unrealised USD',
      '- \\[ ] ',
      'None.',
    ])
      assert.match(
        page,
        new RegExp(said.replaceAll(/[()[\]]/g, (mark) => (said.startsWith('- ') ? mark : `\\${mark}`))),
      );
  });

  it('has a file that says of everything unknown that it is', () => {
    const { tradingRun: _none, ...incident } = incidentOf(made);
    const feeds = { marketDataMs: null, featureStoreMs: 1 };
    const exposure = {
      at: incident.openedAt,
      venues: [
        { venue: 'XSIM', unknown: 'it did not answer' },
        { venue: 'XSIF', openOrders: 0, positions: [] },
      ],
      engines: [{ instanceId: 'one', heard: false, stable: false, feeds }],
    };

    const page = dataIncidentPage({ ...incident, exposure });

    for (const line of [
      '| trading run | none |',
      '| XSIM | it did not answer | not known |',
      '| XSIF | 0 | none |',
      '| one | not known | not known | not known | not known | 1 |',
    ])
      assert.ok(page.includes(line), `${line} is not in ${page}`);
  });

  it('is not there for a safe mode of another cause', async () => {
    const other = liveWorld();
    const halted = stepOf(await entered(other, 'heartbeat'));

    await assert.rejects(openDataIncident(halted, other.ports), { code: 'NoDataIncident' });
    await assert.rejects(requireIncident(halted, other.ports), { code: 'SafeModeOver' });
    assert.equal((await closeDataIncident(halted, other.ports)).verdict, 'nothing-to-do');
  });

  it('goes on while a feed is silent, however often it is looked at, and keeps the course in few numbers', async () => {
    const said = await looked(made, step, 130, ['marketData']);

    assert.match(String(said), /feeds are not heard at btc-momentum-1, btc-momentum-2/);
    const { looks, course, stableSince, exposure } = incidentOf(made);
    assert.deepEqual([looks, stableSince], [131, undefined]);
    assert.ok(course.length <= 60 && course.length > 20, `${course.length}`);
    assert.deepEqual(course.at(-1), { at: exposure.at, notional: 200, openOrders: 0, unrealised: -20, feedMs: null });
    assert.equal(
      entriesOf(made).filter(({ type }) => type.startsWith('data-incident.')).length,
      1,
      'looks fill no ledger',
    );
  });

  it('counts stability anew after each moment in which a feed was not heard', async () => {
    await looked(made, step, 8);
    await looked(made, step, 1, ['featureStore']);

    const said = await looked(made, step, 8);

    assert.match(String(said), /every feed is heard since/);
    assert.equal(incidentOf(made).status, 'open');
    assert.equal(Object(await looked(made, step, 1)).verdict, 'go');
  });

  it('is not overtaken by a note that came at the same moment', async () => {
    const { replace } = made.store;
    made.store.replace = async () => false;
    await looked(made, step, 1);
    made.store.replace = replace;

    assert.equal(incidentOf(made).looks, 1);
  });

  it('has a venue that does not answer named, and says that nobody knows what is held', async () => {
    made.venues.unreachable.add('XSIM');

    await looked(made, step, 1);

    const { exposure, course } = incidentOf(made);
    assert.match(String(exposure.venues[0]?.unknown), /XSIM did not answer/);
    assert.deepEqual([course.at(-1)?.notional, course.at(-1)?.openOrders], [200, 0], 'by the engines then');
    made.venues.positions = () => Promise.reject(new Error('a fault of ours'));
    made.venues.unreachable.clear();
    await assert.rejects(keepOversight(step, made.ports), /a fault of ours/);
  });

  it('proposes one resumption, by the service, and waits for the two who sign it', async () => {
    await looked(made, step, 10);
    await proposeResumption(step, made.ports);
    const again = await proposeResumption(step, made.ports);

    assert.equal(again.verdict, 'nothing-to-do');
    const { proposal } = incidentOf(made);
    const run = await made.store.get('RUN', String(proposal?.runId));
    assert.deepEqual([run?.machine, run?.requestedBy, stateOf(made).run?.id], ['resume', 'service:safe-mode', run?.id]);
    assert.equal(messagesIn(made, 'resume-proposed').length, 1);
    assert.match(String(await looked(made, step, 1)), /two people are asked to sign/);
    assert.equal(made.executions.started.filter(({ machine }) => machine === 'resume').length, 1);
  });

  it('stays open and says so once where nobody signs: people resume by hand', async () => {
    await looked(made, step, 10);
    await proposeResumption(step, made.ports);
    const run = await made.store.get('RUN', String(incidentOf(made).proposal?.runId));
    assert.ok(run);
    const failure = { code: 'States.Timeout', message: 'nobody signed in time' };
    await made.store.put({ kind: 'RUN', record: { ...run, status: 'FAILED', failure } });

    const said = await looked(made, step, 3);

    assert.match(String(said), /people resume it by hand: nobody signed in time/);
    const { status, proposal } = incidentOf(made);
    assert.deepEqual([status, proposal?.answer], ['stable', 'nobody signed in time']);
    const [first, ...more] = messagesIn(made, 'resume-proposed').filter(({ id }) => id.endsWith('/ended'));
    assert.match(String(first?.facts['reason']), /it stays SAFE, resume it by hand/);
    assert.deepEqual(more, []);
  });

  it('takes a proposal whose run is gone for one that has ended', async () => {
    await looked(made, step, 10);
    await proposeResumption(step, made.ports);
    made.store.records.delete(`RUN#${incidentOf(made).proposal?.runId}`);

    assert.match(String(await looked(made, step, 1)), /resume-btc-momentum-.* has ended/);
  });

  it('says what keeps it from being proposed, a freeze say, and goes on', async () => {
    await looked(made, step, 10);
    const freeze = {
      id: 'f',
      scope: 'all',
      source: 'manual' as const,
      reason: 'wait',
      by: trader.subject,
      since: made.clock.now.toISOString(),
    };
    await made.store.put({ kind: 'FREEZE', record: freeze });

    const { verdict } = await proposeResumption(step, made.ports);

    assert.deepEqual([verdict, stateOf(made).run?.id], ['warn', RUN]);
    assert.match(String(incidentOf(made).proposal?.refused), /wait/);
    assert.match(String(await looked(made, step, 1)), /people resume it by hand/);
    assert.equal(messagesIn(made, 'resume-proposed').length, 1);
  });

  it('lets a fault of the machinery through, so that it is tried again', async () => {
    await looked(made, step, 10);
    made.executions.down = true;

    await assert.rejects(proposeResumption(step, made.ports), /Step Functions is down/);
    assert.equal(incidentOf(made).proposal?.refused, undefined);
  });

  it('takes a write that others were faster with for no refusal: the machine proposes again', async () => {
    await looked(made, step, 10);
    const { commit } = made.store;
    let lost = 0;
    made.store.commit = async (...args) => {
      lost += 1;
      return lost > 12 ? commit.apply(made.store, args) : undefined;
    };

    await assert.rejects(proposeResumption(step, made.ports), { code: 'Contended' });

    assert.equal(incidentOf(made).proposal, undefined);
    assert.equal((await proposeResumption(step, made.ports)).verdict, 'done');
  });

  it('is closed once, with its file as it was then; a second time there is nothing to close', async () => {
    const { safeMode: _over, ...state } = stateOf(made);
    made.store.strategies.set(STRATEGY, { ...state, mode: 'SAFE' });

    const closed = await closeDataIncident(step, made.ports);
    const again = await closeDataIncident(step, made.ports);

    assert.match(closed.summary, /is SAFE for another reason/);
    assert.deepEqual([again.verdict, incidentOf(made).status], ['nothing-to-do', 'over']);
    const { file } = Object(payloadOf(made, 'data-incident.over'));
    assert.match(Buffer.from(made.evidence.files.get(file.key) ?? '').toString(), /\| ended \| /);
    await assert.rejects(keepOversight(step, made.ports), { code: 'SafeModeOver' });
  });

  it('takes the notes of people, also after its end, each once', async () => {
    const id = incidentOf(made).id;
    const note = (key: string, text = 'the provider was called') =>
      noteDataIncident({ incident: id, actor: trader.subject, request: { text }, key }, made.ports);

    const { reply } = await note('1');
    await note('1');

    const { notes } = await readDataIncident(id, made.ports);
    assert.deepEqual(
      [reply.notes, notes.map(({ by, text }) => [by, text])],
      [1, [[trader.subject, 'the provider was called']]],
    );
    assert.match(dataIncidentPage(incidentOf(made)), /the provider was called/);
    const full = {
      ...incidentOf(made),
      notes: Array.from({ length: 200 }, () => ({ at: '2026-11-24T12:00:00.000Z', by: trader.subject, text: 'x' })),
    };
    await made.store.put({ kind: 'DATAINCIDENT', record: full });
    await assert.rejects(note('2'), { code: 'InvalidRequest' });
    await assert.rejects(readDataIncident('none', made.ports), { code: 'NotFound' });
  });

  it('is listed until it is over, and afterwards among all', async () => {
    const ids = async (query: object) =>
      (await listDataIncidents({ state: 'open', ...query }, made.ports)).map((each) => each.id);
    const { id } = incidentOf(made);

    assert.deepEqual([await ids({}), await ids({ strategy: STRATEGY })], [[id], [id]]);
    assert.deepEqual(await ids({ strategy: 'eurusd-carry' }), []);
    await made.store.put({ kind: 'DATAINCIDENT', record: { ...incidentOf(made), status: 'over' } });
    assert.deepEqual([await ids({}), await ids({ state: 'all' })], [[], [id]]);
  });

  it('that is gone from the store is a fault, never a new one', async () => {
    const second = stepOf(await entered(made, 'manual', { about: 'again', actor: trader.subject }));
    const { get } = made.store;
    let reads = 0;
    made.store.get = (async (kind: 'DATAINCIDENT', id: string) => {
      reads += kind === 'DATAINCIDENT' ? 1 : 0;
      return kind === 'DATAINCIDENT' && reads > 1 ? undefined : get.call(made.store, kind, id);
    }) as never;

    await assert.rejects(openDataIncident(second, made.ports), TypeError);
  });
});
