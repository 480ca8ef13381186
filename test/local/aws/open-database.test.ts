import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import { openDatabase } from '../../../local/aws/open-database.ts';
import { temporaryFolder } from './temporary-folder.ts';

it('openDatabase throws what went wrong in a transaction, also where SQLite has undone it already, as it does on a full disk', async () => {
  const folder = await temporaryFolder();
  const { sqlite, transaction, relaxed, close } = openDatabase(
    join(folder.path, 'a.db'),
    'CREATE TABLE t (x TEXT) STRICT',
  );
  const undone = () => {
    sqlite.exec('ROLLBACK');
    throw new Error('database or disk is full');
  };

  assert.throws(() => transaction(undone), { message: 'database or disk is full' });
  assert.throws(() => relaxed(undone), { message: 'database or disk is full' });

  assert.equal(
    relaxed(() => sqlite.prepare('INSERT INTO t VALUES (?)').run('x').changes),
    1,
  );
  close();
  await folder.remove();
});
