import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { scriptFolder } from './script-folder.ts';

const wanted = {
  '': { name: 'root' },
  'node_modules/zod': { version: '4.6.7' },
  'node_modules/zod/node_modules/deep': { version: '1.0.0' },
  'node_modules/@native/sun4': { version: '1.2.1', optional: true },
};
const { '': _root, ...all } = wanted;

describe('install-missing', () => {
  let folder: ReturnType<typeof scriptFolder>;
  beforeEach(() => {
    folder = scriptFolder('install-missing.mjs');
    folder.write('package-lock.json', { packages: wanted });
    folder.npmIs('exit 0');
  });
  afterEach(() => folder.remove());
  const installed = (packages: object | string) =>
    folder.write('node_modules/.package-lock.json', typeof packages === 'string' ? packages : { packages });
  const run = () => folder.run('install-missing.mjs');
  const calls = () => folder.read('npm-calls');

  it('calls npm for nothing when every package is there', () => {
    installed(all);

    assert.deepEqual(run(), { status: 0, stdout: '', stderr: '' });
    assert.equal(calls(), undefined);
  });

  it('accepts that a package for another kind of machine is absent', () => {
    installed({ ...all, 'node_modules/@native/sun4': undefined });

    assert.equal(run().status, 0);
    assert.equal(calls(), undefined);
  });

  it('installs what the lock file names when nothing was installed yet, and says so', () => {
    const { status, stderr } = run();

    assert.equal(status, 0);
    assert.match(stderr, /^▶ installing 2 packages .*\n✓ installed\n$/);
    assert.equal(calls(), 'ci --no-audit --no-fund --loglevel=error\n');
  });

  it('finds one missing package, however deep', () => {
    installed({ ...all, 'node_modules/zod/node_modules/deep': undefined });

    assert.match(run().stderr, /installing 1 packages/);
    assert.match(calls() ?? '', /^ci /);
  });

  it('finds a package of another version, an optional one too', () => {
    installed({ ...all, 'node_modules/zod': { version: '4.6.6' }, 'node_modules/@native/sun4': { version: '1.2.0' } });

    assert.match(run().stderr, /installing 2 packages/);
    assert.match(calls() ?? '', /^ci /);
  });

  it('installs again what an interrupted installation left half written', () => {
    installed('{"packages":');

    assert.match(run().stderr, /✓ installed/);
  });

  it('fails, passing on what npm said and naming the likely cause, when npm fails', () => {
    folder.npmIs('echo "npm error network" >&2; exit 7');

    const { status, stderr } = run();

    assert.equal(status, 1);
    assert.match(stderr, /npm error network\n✖ the packages could not be installed\. Is the npm registry reachable\?/);
  });
});
