import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Hono } from 'hono';
import { archiveRun } from '../../domain/archive/archive-run.ts';
import { readArchiveFile } from '../../domain/archive/read-archive-file.ts';
import { viewArchive } from '../../domain/archive/view-archive.ts';
import { Refusal } from '../../domain/refusal.ts';
import { launchIn, STOP, type Traded, tradedRun } from '../domain/archive/a-traded-run.ts';
import { RUN, STRATEGY } from '../fakes/world.ts';
import { runCommand } from './run-command.ts';
import { problem } from './stand-in-control-plane.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

const open = standInForEachTest();

describe('tradepulse-cli archive', () => {
  let made: Traded;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'archive-cli-'));
    made = await tradedRun();
    await archiveRun(await launchIn(made), made.ports);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const entries = () =>
    (made.store.logs.get(STRATEGY) ?? [])
      .map(({ text }, index) => ({ index, leafHash: 'ab', entry: JSON.parse(text) }))
      .filter(({ entry }) => entry.type === 'run.archived');
  /** A control plane over the fakes; `change` is what somebody has done to the bytes of a file. */
  const serving =
    (change: (path: string, bytes: Buffer) => Buffer | undefined = (_path, bytes) => bytes) =>
    (app: Hono) => {
      app.get('/v1/archives', async (c) => {
        const { id, strategyId, startedAt, archive } = await launchIn(made);
        return c.json({ archives: [{ id, strategyId, startedAt, ...archive }] });
      });
      app.get('/v1/runs/:id/archive', async (c) => c.json(await viewArchive(c.req.param('id'), made.ports)));
      app.get('/v1/runs/:id/archive/files', async (c) => {
        const path = c.req.query('path') ?? '';
        try {
          const page = await readArchiveFile(c.req.param('id'), { path, offset: 0 }, made.ports);
          const bytes = change(path, Buffer.from(page.content, 'base64'));
          if (!bytes) return problem(404, 'NotFound', 'it is not there');
          return c.json({ ...page, size: bytes.length, content: bytes.toString('base64') });
        } catch (error) {
          assert.ok(error instanceof Refusal);
          return problem(404, error.code, error.message);
        }
      });
      app.get('/v1/ledger/:log', (c) => c.json({ log: STRATEGY, size: 9, root: 'ab', entries: entries() }));
    };
  const run = async (routes: (app: Hono) => void, ...args: string[]) => {
    const { url } = await open(routes);
    return runCommand(['archive', ...args, '--url', url]);
  };

  it('ls shows the archives with their manifests', async () => {
    const { code, stdout } = await run(serving(), 'ls', '--strategy', STRATEGY, '--date', '2026-11-24');

    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`${RUN} .*sha256:`));
  });

  it('get writes every file with its very bytes, names what is missing, and overwrites nothing', async () => {
    const out = join(folder, 'got');

    const { code, stdout, stderr } = await run(serving(), 'get', STOP, '--out', out);
    const again = await run(serving(), 'get', STOP, '--out', out);

    assert.deepEqual([code, again.code], [0, 2]);
    assert.match(stdout, /✓ \d+ files of launch-/);
    assert.match(stdout + stderr, /not archived: telemetry\.jsonl/);
    assert.equal(await readFile(join(out, 'deploy.log'), 'utf8'), 'deploy.log as it was\n');
    assert.ok((await readdir(out)).includes('MANIFEST.json'));
    assert.equal(await readFile(join(out, 'runs', STOP, 'flag-off.json'), 'utf8'), '{}\n');
  });

  it('get writes no file that is not what its manifest says', async () => {
    const out = join(folder, 'altered');
    const altered = serving((path, bytes) => (path === 'deploy.log' ? Buffer.from('altered') : bytes));

    const { code, stderr } = await run(altered, 'get', RUN, '--out', out);

    assert.equal(code, 5);
    assert.match(stderr, /deploy\.log is 7, expected size/);
    await assert.rejects(readdir(out), { code: 'ENOENT' });
  });

  it('get writes no manifest that is another one, or is gone', async () => {
    const got = await Promise.all(
      [Buffer.from('{}'), undefined].map((bytes, at) =>
        run(
          serving((path, own) => (path === 'MANIFEST.json' ? bytes : own)),
          ...['get', RUN, '--out', join(folder, `manifest-${at}`)],
        ),
      ),
    );

    assert.deepEqual(
      got.map(({ code }) => code),
      [5, 5],
    );
    assert.match(got[0]?.stderr ?? '', /MANIFEST\.json is sha256:.*, expected digest/);
    assert.match(got[1]?.stderr ?? '', /MANIFEST\.json is not there/);
    for (const at of [0, 1]) assert.ok(!(await readdir(join(folder, `manifest-${at}`))).includes('MANIFEST.json'));
  });

  it('get writes into its folder and no other place, whatever the control plane says', async () => {
    const elsewhere = (app: Hono) => {
      app.get('/v1/runs/:id/archive', async (c) => {
        const view = await viewArchive(c.req.param('id'), made.ports);
        return c.json({ ...view, manifests: view.manifests.map((each) => ({ ...each, file: '../elsewhere.json' })) });
      });
      serving()(app);
    };

    const { code } = await run(elsewhere, 'get', RUN, '--out', join(folder, 'here'));

    assert.notEqual(code, 0);
    await assert.rejects(readFile(join(folder, 'elsewhere.json')), { code: 'ENOENT' });
    await assert.rejects(readdir(join(folder, 'here')), { code: 'ENOENT' });
  });

  it('verify recomputes everything, and says so', async () => {
    const { code, stdout } = await run(serving(), 'verify', RUN);

    assert.equal(code, 0);
    assert.match(stdout, /✓ launch-.* files \(\d+ bytes\) are what 1 manifests say, and those are in the ledger/);
  });

  it('verify ends with 5 at a file that is gone, a byte that is another one, or a manifest that was not recorded', async () => {
    const gone = await run(
      serving((path, bytes) => (path === 'settle.log' ? undefined : bytes)),
      'verify',
      RUN,
    );
    const other = await run(
      serving((path, bytes) => (path === 'settle.log' ? Buffer.from(`${bytes}x`) : bytes)),
      'verify',
      RUN,
    );
    const manifest = await run(
      serving((path, bytes) => (path === 'MANIFEST.json' ? Buffer.from(`${bytes} `) : bytes)),
      'verify',
      RUN,
    );

    assert.deepEqual([gone.code, other.code, manifest.code], [5, 5, 5]);
    assert.match(gone.stderr, /settle\.log is not there/);
    assert.match(other.stderr, /settle\.log is \d+, expected size/);
    assert.match(manifest.stderr, /MANIFEST\.json is sha256:.*, expected digest in the ledger sha256:/);
  });

  it('get puts the pages of a file together', async () => {
    const out = join(folder, 'paged');
    const paged = (app: Hono) => {
      app.get('/v1/runs/:id/archive/files', async (c) => {
        const [path = '', offset] = [c.req.query('path'), Number(c.req.query('offset'))];
        const whole = await readArchiveFile(c.req.param('id'), { path, offset: 0 }, made.ports);
        const next = offset + 5 < whole.size ? { next: offset + 5 } : {};
        const content = Buffer.from(whole.content, 'base64').subarray(offset, offset + 5);
        return c.json({ ...whole, offset, content: content.toString('base64'), ...next });
      });
      serving()(app);
    };

    assert.equal((await run(paged, 'get', RUN, '--out', out)).code, 0);
    assert.equal(await readFile(join(out, 'deploy.log'), 'utf8'), 'deploy.log as it was\n');
  });

  it('takes no file that is larger than it can hold', async () => {
    const large = (app: Hono) => {
      app.get('/v1/runs/:id/archive/files', (c) => c.json({ path: 'x', size: 1e9, offset: 0, content: '' }));
      serving()(app);
    };

    assert.match((await run(large, 'verify', RUN)).stderr, /more than this command takes/);
  });

  it('get tells of a folder that cannot be written to', async () => {
    const file = join(folder, 'a-file');
    await writeFile(file, '');

    assert.equal((await run(serving(), 'get', RUN, '--out', join(file, 'below'))).code, 1);
  });
});
