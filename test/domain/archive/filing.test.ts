import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { archiveRun } from '../../../domain/archive/archive-run.ts';
import { archiveStoppedRun } from '../../../domain/archive/archive-stopped-run.ts';
import { exportHistories } from '../../../domain/archive/export-histories.ts';
import { fileEndedRun, fileEndedRuns } from '../../../domain/archive/file-ended-run.ts';
import { launchOf } from '../../../domain/archive/launch-of.ts';
import { runEntries } from '../../../domain/archive/run-entries.ts';
import { RunId } from '../../../domain/ids.ts';
import { RUN, STRATEGY, stateOf } from '../../fakes/world.ts';
import { launchIn, recorded, STOP, type Traded, tradedRun } from './a-traded-run.ts';

const event = (id: number, type: string) => ({
  id,
  previousId: id - 1,
  at: '2026-11-24T12:00:00.000Z',
  type,
  details: {},
});
const ended = [event(1, 'ExecutionStarted'), event(2, 'ExecutionSucceeded')];

let made: Traded;
/** What Step Functions has of each execution, two events a page. */
let histories: Map<string, ReturnType<typeof event>[]>;
beforeEach(async () => {
  made = await tradedRun();
  histories = new Map();
  made.ports.executions.history = async (_machine, name, { nextToken }) => {
    const events = histories.get(name);
    const from = Number(nextToken ?? 0);
    if (!events) return undefined;
    return { events: events.slice(from, from + 2), ...(from + 2 < events.length && { nextToken: String(from + 2) }) };
  };
});
const stop = async () => (await made.store.get('RUN', STOP)) ?? assert.fail('there is no stop');
const endOf = async (id: RunId) => {
  const run = (await made.store.get('RUN', id)) ?? assert.fail('there is no such run');
  await made.store.put({ kind: 'RUN', record: { ...run, status: 'SUCCEEDED' } });
};
const text = (path: string) => Buffer.from(made.evidence.files.get(path) ?? []).toString();
const stopFile = (file: string) => `${made.folder.replace(RUN, STOP)}${file}`;

describe('exportHistories', () => {
  it('keeps all pages of every execution of a run, those of its successors too', async () => {
    histories.set(STOP, [...ended.slice(0, 1), event(2, 'TaskScheduled'), event(3, 'ExecutionFailed')]);
    histories.set(`${STOP}-2`, ended);

    assert.equal(await exportHistories(await stop(), made.ports), true);

    assert.equal(
      text(stopFile(`executions/${STOP}.jsonl`))
        .trimEnd()
        .split('\n').length,
      3,
    );
    assert.match(text(stopFile(`executions/${STOP}-2.jsonl`)), /ExecutionSucceeded/);
  });

  it('finishes a history that broke off between two parts', async () => {
    const large = { ...event(2, 'TaskSucceeded'), details: { output: 'x'.repeat(3 * 1024 * 1024) } };
    histories.set(STOP, [event(1, 'ExecutionStarted'), large, large, event(4, 'ExecutionSucceeded')]);
    const write = made.evidence.replace.bind(made.evidence);
    let writes = 0;
    made.evidence.replace = async (...given) => {
      writes += 1;
      if (writes === 2) throw new Error('cut off');
      return write(...given);
    };
    await assert.rejects(exportHistories(await stop(), made.ports), /cut off/);

    assert.equal(await exportHistories(await stop(), made.ports), true);

    for (const part of ['', '.2']) assert.ok(made.evidence.files.has(stopFile(`executions/${STOP}${part}.jsonl`)));
  });

  it('leaves one that is under way, or is not told whole yet, for later', async () => {
    histories.set(STOP, ended.slice(0, 1));
    assert.equal(await exportHistories(await stop(), made.ports), false);

    histories.set(STOP, ended);
    assert.equal(await exportHistories(await stop(), made.ports), true);
  });

  it('has nothing to export where no execution was ever started', async () => {
    assert.equal(await exportHistories(await stop(), made.ports), true);
  });

  it('reads no history that stands there already, and ends after two hundred successors', async () => {
    for (let count = 1; count <= 201; count += 1) histories.set(count === 1 ? STOP : `${STOP}-${count}`, ended);
    await exportHistories(await stop(), made.ports);
    const files = made.evidence.files.size;
    made.executions.history = () => assert.fail('it was asked for again');

    assert.equal(await exportHistories(await stop(), made.ports), true);
    assert.equal(made.evidence.files.size, files);
  });

  it('reads sixty pages of an execution at most', async () => {
    let pages = 0;
    made.executions.history = async () => {
      pages += 1;
      return { events: [event(pages, 'TaskScheduled')], nextToken: 'on' };
    };

    assert.equal(await exportHistories(await stop(), made.ports), false);
    assert.equal(pages, 60);
  });
});

describe('fileEndedRun', () => {
  it('exports the history of a run that has ended, adds it to the archive, and notes that', async () => {
    await archiveRun(await launchIn(made), made.ports);
    histories.set(STOP, ended);
    await endOf(STOP);

    assert.equal(await fileEndedRun(STOP, made.ports), true);

    assert.ok(made.evidence.files.has(`${made.folder}executions/${STOP}.jsonl`));
    assert.equal((await launchIn(made)).archive?.parts, 2);
    assert.equal((await stop()).exportedAt, made.ports.now().toISOString());
    made.executions.history = () => assert.fail('it was asked for again');
    assert.equal(await fileEndedRun(STOP, made.ports), true);
  });

  it('notes that beside what the archive has noted at the same run', async () => {
    await archiveRun(await launchIn(made), made.ports);
    await made.evidence.createOnce(`${made.folder}executions/${RUN}-2.jsonl`, '{}\n');

    assert.equal(await fileEndedRun(RUN, made.ports), true);

    const { archive, exportedAt } = await launchIn(made);
    assert.deepEqual([archive?.parts, exportedAt], [2, made.ports.now().toISOString()]);
  });

  it('does nothing for a run that goes on, one that nobody knows, or one whose history is not whole', async () => {
    assert.equal(await fileEndedRun(STOP, made.ports), false);
    assert.equal(await fileEndedRun(RunId.parse('nobody'), made.ports), false);
    await endOf(STOP);
    histories.set(STOP, ended.slice(0, 1));

    assert.equal(await fileEndedRun(STOP, made.ports), false);
    assert.equal((await stop()).exportedAt, undefined);
  });

  it('is made good by the sweep, for what ended within eighty days', async () => {
    histories.set(STOP, ended);
    await endOf(STOP);
    assert.equal(await fileEndedRuns(made.ports), 2); // the launch had ended too

    await made.store.put({ kind: 'RUN', record: { ...(await stop()), exportedAt: undefined } });
    made.pass(81 * 24 * 3_600_000);
    assert.equal(await fileEndedRuns(made.ports), 0);
  });

  it('is done by the sweep for all others when one cannot be filed, which is told at the end', async () => {
    const history = made.ports.executions.history;
    histories.set(STOP, ended);
    await endOf(STOP);
    made.ports.executions.history = (machine, name, page) => {
      if (name === RUN) throw new Error('no such machine');
      return history(machine, name, page);
    };
    made.evidence.files.delete(`${made.folder}executions/${RUN}.jsonl`);

    await assert.rejects(fileEndedRuns(made.ports), /1 runs were not filed: Error: no such machine/);

    assert.ok((await stop()).exportedAt);
  });

  it('is tried again by the sweep while a history is not whole', async () => {
    histories.set(STOP, ended.slice(0, 1));
    await endOf(STOP);

    assert.equal(await fileEndedRuns(made.ports), 1);
  });
});

describe('launchOf', () => {
  it('goes from a review to what it looks back at, and from there to the launch', async () => {
    const review = { ...(await stop()), id: RunId.parse('review-1'), machine: 'review' as const };

    const found = await launchOf({ ...review, request: { reviews: STOP } }, made.ports);
    const lost = await launchOf({ ...review, request: { reviews: 'nobody' } }, made.ports);

    assert.deepEqual([found?.id, lost], [RUN, undefined]);
  });

  it('is nothing for what goes back to no launch', async () => {
    assert.equal(await launchOf({ ...(await stop()), request: { stops: null } }, made.ports), undefined);
  });
});

describe('runEntries', () => {
  it('say so when the request of the launch lies further back than they look', async () => {
    made.store.logs.set(STRATEGY, made.store.logs.get(STRATEGY)?.slice(1) ?? []);

    const { isWhole, entries } = await runEntries(await launchIn(made), made.ports);

    assert.deepEqual([isWhole, entries.length > 0], [false, true]);
  });

  it('end after four hundred pages', async () => {
    let pages = 0;
    const [first] = made.store.logs.get(STRATEGY) ?? [];
    const entry = { ...JSON.parse(first?.text ?? ''), type: 'lease.expired', run: undefined };
    const page = async () => {
      pages += 1;
      return { log: STRATEGY as never, size: 1, root: '', entries: [{ index: 1, leafHash: '', entry }], next: 1 };
    };

    const { isWhole, runs } = await runEntries(await launchIn(made), { ledger: { page } });

    assert.deepEqual([isWhole, pages, runs], [false, 400, []]);
  });

  it('are none where there is no log', async () => {
    const { entries } = await runEntries(await launchIn(made), { ledger: { page: async () => undefined } });

    assert.deepEqual(entries, []);
  });
});

describe('archiveStoppedRun', () => {
  const step = () => ({ strategyId: STRATEGY, runId: STOP, epoch: 0 });

  it('archives the launch that a stop stops, and says where, how much is missing, and what became of the link', async () => {
    const { summary, verdict } = await archiveStoppedRun(step(), made.ports);

    assert.equal(verdict, 'warn');
    assert.match(summary, /^\d+ files, 1 missing in reports\/live\/.*MANIFEST\.json \(sha256:.*\); linked to TP-1$/);
  });

  it('says so when nothing is missing', async () => {
    await recorded(made, []);
    const snapshot = `${made.folder}snapshots/20261124T1200Z.json`;
    const { minute } = await import('./a-traded-run.ts');
    await made.evidence.createOnce(snapshot, JSON.stringify(minute('2026-11-24T12:00:00.000Z')));

    const { summary, verdict } = await archiveStoppedRun(step(), made.ports);

    assert.deepEqual([verdict, /missing/.test(summary)], ['done', false]);
  });

  it('has nothing to do for the stop of something that was never launched', async () => {
    await made.store.put({ kind: 'RUN', record: { ...(await stop()), request: { stops: null } } });

    assert.equal((await archiveStoppedRun(step(), made.ports)).verdict, 'nothing-to-do');
    assert.equal(stateOf(made).mode, 'STOPPING');
  });
});
