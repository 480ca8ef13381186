import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type DataFolder, openDataFolder } from '../../../local/host/data-folder.ts';
import { temporaryFolder } from '../aws/temporary-folder.ts';

describe('openDataFolder', () => {
  let temporary: Awaited<ReturnType<typeof temporaryFolder>>;
  let path = '';
  let count = 0;
  before(async () => {
    temporary = await temporaryFolder();
  });
  beforeEach(() => {
    count += 1;
    path = join(temporary.path, `data-${count}`);
  });
  after(() => temporary.remove());
  const using = (folder: DataFolder, act: () => void) => {
    try {
      act();
    } finally {
      folder.release();
    }
  };

  it('makes the folder for its owner alone, and gives its absolute path', () => {
    using(openDataFolder(relative(process.cwd(), path)), () => {
      assert.equal(statSync(path).mode & 0o777, 0o700);
      assert.equal(statSync(join(path, 'host.json')).mode & 0o777, 0o600);
    });
    const folder = openDataFolder(relative(process.cwd(), path));
    using(folder, () => assert.equal(folder.path, path));
  });

  it('refuses a second host, names the first, and says what to do', () => {
    using(openDataFolder(path), () =>
      assert.throws(() => openDataFolder(path), {
        message: `${path} is in use by another host (process ${process.pid}). Stop that one, or choose another folder with --data DIR`,
      }),
    );
  });

  it('refuses a second host also when the first did not say who it is', () => {
    using(openDataFolder(path), () => {
      writeFileSync(join(path, 'host.json'), 'half a fi');
      assert.throws(() => openDataFolder(path), /in use by another host \(process unknown\)/);
    });
  });

  it('empties nothing of a folder that another host has', () => {
    using(openDataFolder(path), () => {
      writeFileSync(join(path, 'state'), 'kept');
      assert.throws(() => openDataFolder(path, { fresh: true }), /in use/);
      assert.ok(existsSync(join(path, 'state')));
    });
  });

  it('can be taken again once it was released', () => {
    openDataFolder(path).release();

    using(openDataFolder(path), () => assert.ok(existsSync(join(path, 'host.json'))));
    assert.equal(existsSync(join(path, 'host.json')), false);
  });

  it('with fresh empties it, and keeps the lock and the name of a server that still has to be stopped', () => {
    openDataFolder(path).release();
    mkdirSync(join(path, 's3', 'bucket'), { recursive: true });
    for (const name of ['dynamodb.db', 'dynamodb.db.pid', 's3/bucket/key']) writeFileSync(join(path, name), '1');

    using(openDataFolder(path, { fresh: true }), () => {
      assert.deepEqual(
        readdirSync(path).filter((name) => !name.startsWith('host.lock')),
        ['dynamodb.db.pid', 'host.json'],
      );
      assert.throws(() => openDataFolder(path), /in use/);
    });
  });

  it('refuses a folder with files of somebody else, and leaves them alone', () => {
    mkdirSync(path);
    writeFileSync(join(path, 'thesis.tex'), 'years of work');

    for (const fresh of [false, true])
      assert.throws(
        () => openDataFolder(path, { fresh }),
        /is no data folder of a control plane: it holds thesis\.tex/,
      );

    assert.deepEqual(readdirSync(path), ['thesis.tex']);
  });

  it('releases the lock when it cannot say who holds the folder', () => {
    openDataFolder(path).release();
    mkdirSync(join(path, 'host.json'));
    assert.throws(() => openDataFolder(path), /EISDIR/);

    using(openDataFolder(path, { fresh: true }), () => assert.ok(existsSync(join(path, 'host.json'))));
  });

  it('does not take a damaged lock for a host', () => {
    mkdirSync(path);
    writeFileSync(join(path, 'host.lock'), 'this is no database, and long enough to be read as one '.repeat(20));

    assert.throws(() => openDataFolder(path), /not a database/);
  });
});
