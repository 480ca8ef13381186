import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { archiveRun } from '../../../domain/archive/archive-run.ts';
import { Manifest, manifestText } from '../../../domain/archive/manifest.ts';
import type { Delivery } from '../../../domain/communications/delivery.ts';
import { RunId } from '../../../domain/ids.ts';
import { digestOfBytes } from '../../../domain/ledger/digest.ts';
import { runKey } from '../../../domain/run-key.ts';
import { RUN, START, STRATEGY } from '../../fakes/world.ts';
import { filesOf, launchIn, minute, recorded, STOP, type Traded, tradedRun } from './a-traded-run.ts';

const RENDERED = [
  ...['limits.json', 'orders.json', 'orders.jsonl', 'pnl.jsonl', 'positions.json', 'risk.json'],
  ...['sla_incidents.md', 'telemetry.jsonl', 'venue_incidents.md'],
];

describe('archiveRun', () => {
  let made: Traded;
  beforeEach(async () => {
    made = await tradedRun();
  });
  const archive = async () => archiveRun(await launchIn(made), made.ports);
  const text = (file: string) => Buffer.from(made.evidence.files.get(`${made.folder}${file}`) ?? []).toString();
  const manifest = (file = 'MANIFEST.json') => Manifest.parse(JSON.parse(text(file)));
  const archivedEntries = () =>
    (made.store.logs.get(STRATEGY) ?? [])
      .map((each) => JSON.parse(each.text))
      .filter(({ type }) => type === 'run.archived');

  it('brings together what the run and its stop have filed, writes what they have not, and names each with its digest', async () => {
    await made.evidence.createOnce(
      `${made.folder}snapshots/20261124T1201Z.json`,
      JSON.stringify(minute('2026-11-24T12:01:00.000Z')),
    );

    const { files, missing } = await archive();

    const { files: named, part, previous } = manifest();
    assert.deepEqual(
      named.map(({ path }) => path),
      [
        ...['deploy.log', `executions/${RUN}.jsonl`, 'go-no-go.json', 'kill-path.json', 'preconditions.json'],
        ...[`runs/${STOP}/flag-off.json`, 'settle.json', 'settle.log', 'smoke.json', ...RENDERED],
      ].toSorted(),
    );
    for (const { path, sha256, size } of named) {
      assert.equal(sha256, digestOfBytes(text(path)));
      assert.equal(size, Buffer.byteLength(text(path)));
    }
    assert.deepEqual([files, part, previous, missing], [named.length, 1, undefined, []]);
  });

  it('puts the manifest itself in the ledger, and notes the archive at the run', async () => {
    const { first } = await archive();

    const [entry] = archivedEntries();
    assert.equal(first, digestOfBytes(text('MANIFEST.json')));
    assert.deepEqual([entry.payload.manifest.hash, entry.payload.part, entry.run], [first, 1, RUN]);
    assert.deepEqual((await launchIn(made)).archive?.first, first);
  });

  it('notes the archive beside what others have noted at the run meanwhile', async () => {
    const before = await launchIn(made);
    await made.store.put({ kind: 'RUN', record: { ...before, summary: 'noted meanwhile' } });

    await archiveRun(before, made.ports);

    const { summary, archive: noted } = await launchIn(made);
    assert.deepEqual([summary, noted?.parts], ['noted meanwhile', 1]);
  });

  it('is the same archive, and no entry more, however often it is asked for', async () => {
    const first = await archive();
    const files = filesOf(made);
    made.pass(60_000);

    const again = await archive();

    assert.deepEqual([again, filesOf(made), archivedEntries().length], [first, files, 1]);
  });

  it('names what came later in the next manifest of the chain', async () => {
    const { first } = await archive();
    await made.evidence.createOnce(`${made.folder}summary.md`, '# Summary\n');

    const { parts, last, files } = await archive();

    const second = manifest('MANIFEST.2.json');
    assert.deepEqual(
      [parts, second.part, second.previous, second.files.map(({ path }) => path)],
      [2, 2, first, ['summary.md']],
    );
    assert.equal(last, digestOfBytes(text('MANIFEST.2.json')));
    assert.equal(files, manifest().files.length + 1);
    assert.deepEqual(
      archivedEntries().map(({ payload }) => [payload.part, payload.previous]),
      [
        [1, undefined],
        [2, first],
      ],
    );
  });

  it('brings what another run of it files later, too', async () => {
    await archive();
    const stopFolder = made.folder.replace(RUN, STOP);
    await made.evidence.createOnce(`${stopFolder}executions/${STOP}.jsonl`, '{}\n');

    await archive();

    assert.deepEqual(
      manifest('MANIFEST.2.json').files.map(({ path }) => path),
      [`executions/${STOP}.jsonl`],
    );
  });

  it('keeps the settlement of a stop that came after one that had settled and failed', async () => {
    await archive();
    const settled = text('settle.json');
    const stop = await made.store.get('RUN', STOP);
    assert.ok(stop);
    const later = { ...stop, id: RunId.parse('stop-2'), request: { stops: STOP } };
    await made.store.put({ kind: 'RUN', record: later });
    await recorded(made, [{ type: 'stop.requested', run: later.id, payload: {} }]);
    await made.evidence.createOnce(runKey(later, 'settle.json'), '{"another":"settlement"}\n');

    await archive();

    assert.equal(text('settle.json'), settled);
    assert.equal(text('runs/stop-2/settle.json'), '{"another":"settlement"}\n');
    assert.ok(manifest('MANIFEST.2.json').files.some(({ path }) => path === 'runs/stop-2/settle.json'));
  });

  it('names in the next manifest what another one left out that came first', async () => {
    await archive();
    await made.evidence.createOnce(`${made.folder}summary.md`, '# Summary\n');
    const write = made.evidence.replace.bind(made.evidence);
    const first = text('MANIFEST.json');
    made.evidence.replace = async (key, content, before) => {
      if (key.endsWith('MANIFEST.2.json'))
        await write(
          key,
          manifestText({ ...manifest(), part: 2, previous: digestOfBytes(first), files: [], missing: [] }),
          undefined,
        );
      return write(key, content, before);
    };

    const { parts, files } = await archive();

    assert.deepEqual(
      [parts, manifest('MANIFEST.3.json').files.map(({ path }) => path), files],
      [3, ['summary.md'], manifest().files.length + 1],
    );
  });

  it('gives up naming what a bucket loses again and again', async () => {
    await archive();
    await made.evidence.createOnce(`${made.folder}summary.md`, '# Summary\n');
    made.evidence.replace = async () => undefined;

    assert.equal((await archive()).parts, 1);
  });

  it('gives the same archive when it breaks off at any write and is done again', async () => {
    await archive();
    const whole = filesOf(made);
    const writes = Object.keys(whole).length;
    for (let broken = 0; broken <= writes; broken += 1) {
      made = await tradedRun();
      const write = made.evidence.replace.bind(made.evidence);
      let count = 0;
      made.evidence.replace = async (key, content, before) => {
        count += 1;
        if (count === broken) throw new Error('cut off');
        return write(key, content, before);
      };
      await archive().catch(() => undefined);
      made.evidence.replace = write;
      made.pass(0);

      await archive();

      assert.deepEqual(filesOf(made), whole, `cut off at write ${broken}`);
      assert.equal(archivedEntries().length, 1);
    }
  });

  it('lets one of two that archive at the same moment write each file, and both go on from that', async () => {
    const [one, other] = await Promise.all([archive(), archive()]);

    assert.deepEqual(one, other);
    assert.equal(archivedEntries().length, 1);
  });

  it('writes the entry that a crash kept from the ledger', async () => {
    const commit = made.store.commit.bind(made.store);
    made.store.commit = () => Promise.reject(new Error('down'));
    await assert.rejects(archive(), /down/);
    made.store.commit = commit;
    await made.evidence.createOnce(`${made.folder}summary.md`, '# Summary\n');

    await archive();

    assert.deepEqual(
      archivedEntries().map(({ payload }) => payload.part),
      [1, 2],
    );
    assert.equal((await launchIn(made)).archive?.parts, 2);
  });

  it('names what is missing and why, and is filed all the same', async () => {
    made.venues.unreachable.add('XSIM');
    made.evidence.files.delete(`${made.folder}smoke.json`);
    made.evidence.files.delete(`${made.folder}executions/${RUN}.jsonl`);

    const { missing } = await archive();

    assert.deepEqual(
      missing.map(({ file, why }) => `${file}: ${why}`),
      [
        `executions/${RUN}.jsonl: its history was not exported yet`,
        'orders.jsonl: XSIM told only a part: XSIM did not answer',
        'smoke.json: the launch did not file it',
        'telemetry.jsonl: no minute of the run was kept: it traded for less than one',
      ],
    );
    assert.deepEqual(manifest().missing, missing);
    assert.equal(archivedEntries()[0].payload.missing.length, 4);
  });

  it('tells of late messages, incidents of venues and what was held at a kill', async () => {
    const at = '2026-11-24T12:00:00.000Z';
    const delivery: Delivery = {
      ...{ id: 'm/#risk', message: 'm', trigger: 'planned-halt', audience: [], channel: '#risk', via: 'slack' },
      ...{ severity: 'info', subject: '', text: '', at, detectedAt: at, status: 'failed', attempts: [], version: 1 },
    };
    await made.store.put({ kind: 'DELIVERY', record: { ...delivery, runId: STOP } });
    await made.store.put({ kind: 'DELIVERY', record: { ...delivery, id: 'other', channel: '#others' } });
    const kill = { ...(await launchIn(made)), id: RunId.parse('kill-1'), machine: 'kill' as const };
    await made.store.put({ kind: 'RUN', record: kill });
    await recorded(made, [{ type: 'kill.requested', run: kill.id, payload: {} }]);
    await made.evidence.createOnce(runKey(kill, 'exposure.json'), '{"currency":"USD","venues":[],"engines":[]}');
    await made.evidence.createOnce(
      `${made.folder}venue-incidents/1.json`,
      JSON.stringify({ v: 1, venue: 'XSIM', ticket: 'T-77', at, by: 'sub-sre' }),
    );
    for (const file of ['settle.json', 'settle.log'])
      made.evidence.files.delete(`${made.folder.replace(RUN, STOP)}${file}`);

    await archive();

    assert.match(text('sla_incidents.md'), /did not reach #risk/);
    assert.doesNotMatch(text('sla_incidents.md'), /#others/);
    assert.match(text('venue_incidents.md'), /T-77/);
    assert.equal(JSON.parse(text('positions.json')).from, 'exposure.json');
    assert.ok(manifest().files.some(({ path }) => path === 'runs/kill-1/exposure.json'));
  });

  it('names no file that is gone again before it could be hashed', async () => {
    const read = made.evidence.read.bind(made.evidence);
    made.evidence.read = async (key) => (key.endsWith('deploy.log') ? undefined : read(key));

    await assert.rejects(archive(), /deploy\.log was listed and is gone/);
  });

  it('leaves the entries, orders and runs of the next launch to that launch', async () => {
    made.pass(60_000);
    await recorded(made, [{ type: 'launch.requested', run: STOP, payload: {} }]);
    made.pass(60_000);
    await recorded(made, [{ type: 'lease.expired', payload: {} }]);

    await archive();

    const { since, until } = JSON.parse(text('orders.json'));
    assert.match(text('sla_incidents.md'), /None recorded/);
    assert.deepEqual([since, until], [START.toISOString(), new Date(START.getTime() + 60_000).toISOString()]);
  });

  it('refuses what is no trading run', async () => {
    const stop = await made.store.get('RUN', STOP);
    assert.ok(stop);

    await assert.rejects(archiveRun(stop, made.ports), { name: 'UnknownRun' });
  });

  it('throws when the bucket has lost the manifest that it just took', async () => {
    const write = made.evidence.replace.bind(made.evidence);
    made.evidence.replace = async (key, content, before) => {
      const hash = await write(key, content, before);
      if (key.endsWith('MANIFEST.json')) made.evidence.files.delete(key);
      return hash;
    };

    await assert.rejects(archive(), /its manifest is gone/);
  });
});
