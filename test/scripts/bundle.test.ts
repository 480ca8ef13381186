import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';

const folders: string[] = [];
after(() => folders.forEach((folder) => void rmSync(folder, { recursive: true })));

/** A repository with these files, and what the bundler said about it. */
function bundled(files: Record<string, string>, ...flags: string[]) {
  const root = mkdtempSync(join(tmpdir(), 'bundle-'));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const script = join(import.meta.dirname, '../../scripts/bundle.ts');
  return { root, ...spawnSync(process.execPath, [script, '--root', root, ...flags], { encoding: 'utf8' }) };
}

const greet = `class GreetingRefused extends Error { constructor() { super('no'); this.name = 'GreetingRefused'; } }
export const handler = async (event) => { if (!event.name) throw new GreetingRefused(); return 'hello ' + event.name; };`;
const noise = Array.from(
  { length: 40_000 },
  (_, at) => `'${((at * 2654435761) % 4294967296).toString(36)}${at.toString(36)}'`,
).join();

describe('bundle', () => {
  it('makes one CommonJS file for each Lambda, which needs no package.json to be loaded', async () => {
    const { root, status } = bundled({
      'lambdas/demo/greet.ts': greet,
      'lambdas/step.ts': 'export const no = 1;',
      'package.json': '{"type":"module"}',
    });

    const { handler } = createRequire(import.meta.url)(join(root, 'build/lambdas/demo/greet/index.cjs'));
    assert.equal(status, 0);
    assert.equal(await handler({ name: 'you' }), 'hello you');
    assert.deepEqual(readdirSync(join(root, 'build/lambdas'), { recursive: true }).sort(), [
      'demo',
      'demo/greet',
      'demo/greet/index.cjs',
    ]);
  });

  it('keeps error names that are written down, though it minifies class names', async () => {
    const { root } = bundled({ 'lambdas/demo/greet.ts': greet });

    const { handler } = createRequire(import.meta.url)(join(root, 'build/lambdas/demo/greet/index.cjs'));
    await assert.rejects(handler({}), { name: 'GreetingRefused' });
  });

  it('makes the same bytes from the same source, and keeps source maps outside', () => {
    const [first, second] = [1, 2].map(() => bundled({ 'lambdas/demo/greet.ts': greet }).root);

    for (const file of ['build/lambdas/demo/greet/index.cjs', 'build/source-maps/demo/greet/index.cjs.map']) {
      assert.deepEqual(readFileSync(join(String(first), file)), readFileSync(join(String(second), file)));
    }
  });

  it('reports sizes beside their budgets, and fails when one is over', () => {
    const { status, stdout } = bundled(
      { 'lambdas/api/kill.ts': `export const handler = () => [${noise}];`, 'lambdas/demo/greet.ts': greet },
      '--report',
    );

    assert.match(stdout, /✖ api\/kill .* of 170/);
    assert.match(stdout, /✓ demo\/greet .* of 220/);
    assert.equal(status, 1);
  });

  it('says what does not build, and where', () => {
    const { status, stderr } = bundled({ 'lambdas/demo/greet.ts': "export * from './gone.ts';" });

    assert.match(
      stderr,
      /The Lambdas were not bundled: .*\n?.*lambdas\/demo\/greet.ts:1:14: ERROR: Could not resolve "\.\/gone\.ts"/,
    );
    assert.equal(status, 1);
  });

  it('says so where there is nothing to bundle', () => {
    assert.match(bundled({ 'a.txt': '' }).stderr, /no Lambda found in .*run this from the repository root/);
  });
});
