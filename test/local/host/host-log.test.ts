import assert from 'node:assert/strict';
import { readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { hostLog } from '../../../local/host/host-log.ts';
import { temporaryFolder } from '../aws/temporary-folder.ts';

const NOW = new Date('2026-11-24T12:00:00.000Z');

it('hostLog goes on when the disk is full, and says how many lines were lost as soon as it can', {
  skip: process.platform !== 'linux',
}, async () => {
  const folder = await temporaryFolder();
  const file = join(folder.path, 'host.log');
  const log = hostLog(folder.path, () => NOW);
  await symlink('/dev/full', file);

  log('host', 'lost');
  log('host', 'lost too');
  await rm(file);
  log('host', 'written');
  log('host', 'written too');

  const lines = ['2 lines could not be written', 'written', 'written too'];
  assert.deepEqual(await readFile(file, 'utf8'), lines.map((line) => `${NOW.toISOString()} ${line}\n`).join(''));
  await folder.remove();
});
