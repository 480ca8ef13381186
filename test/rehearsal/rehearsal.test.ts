import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { isDeep } from '../is-deep.ts';

async function ended(...args: string[]): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, args);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said };
}

/** In `npm run test:deep`, and by itself in every build (`npm run rehearsal`): it takes most of a minute. */
describe('the rehearsal', { skip: !isDeep && 'npm run rehearsal plays it' }, () => {
  it('finds every state right on a fresh local host', { timeout: 180_000 }, async () => {
    const { code, said } = await ended('rehearsal/rehearsal.ts');

    assert.equal(code, 0, said);
    assert.doesNotMatch(said, /✖/);
  });
});

/** The same story with a fault, and told slowly: in `npm run test:deep`. */
describe('the tour', { skip: !isDeep && 'npm run test:deep plays it' }, () => {
  it('shows a kill with a fault at the venue, and ends well', { timeout: 300_000 }, async () => {
    const { code, said } = await ended('rehearsal/tour.ts', '--fast');

    assert.equal(code, 0, said);
    assert.match(said, /orders still rest/);
  });
});
