import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { scriptFolder } from './script-folder.ts';

/** Stand-ins for the two steps: each leaves what the real one leaves, and a line that it ran. */
const step = (name: string, made: string) => `import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
appendFileSync('ran', '${name} ' + process.argv.slice(2).join(' ') + '\\n');
mkdirSync(dirname('${made}'), { recursive: true });
writeFileSync('${made}', '{}');
`;

describe('build-if-changed', () => {
  let folder: ReturnType<typeof scriptFolder>;
  beforeEach(() => {
    folder = scriptFolder('build-if-changed.ts');
    folder.write('scripts/bundle.ts', step('bundle', 'build/lambdas/launch/index.cjs'));
    folder.write(
      'node_modules/aws-cdk/bin/cdk',
      step('cdk', 'cdk.out/TradePulse.template.json').replace(
        /^import \{(.+)\} from '(.+)';$/gm,
        "const {$1} = require('$2');",
      ),
    );
    folder.write('node_modules/aws-cdk/package.json', { type: 'commonjs' });
    for (const name of [
      'domain/kill/kill.ts',
      'lambdas/kill/kill.ts',
      'page/main.ts',
      'page/style.css',
      'config/strategies.yaml',
      'observability/dashboards/live.yaml',
      'statemachines/kill.asl.json',
      'cdk.json',
      'README.md',
      'local/start.ts',
    ])
      folder.write(name, 'first');
  });
  afterEach(() => folder.remove());
  const run = (...args: string[]) => folder.run('build-if-changed.ts', ...args);
  const ran = () => (folder.read('ran') ?? '').split('\n').filter(Boolean);

  it('bundles and synthesizes once, and does nothing more while no source changes', () => {
    const { status, stderr } = run();
    assert.deepEqual([status, stderr], [0, '▶ building Lambdas and template\n']);
    assert.deepEqual(ran(), ['bundle ', 'cdk synth --quiet']);

    folder.write('README.md', 'second');
    folder.write('local/start.ts', 'second');

    assert.deepEqual(run(), { status: 0, stdout: '', stderr: '' });
    assert.equal(ran().length, 2);
  });

  it('builds again when a source changes, comes or goes', () => {
    run();
    const again = (change: () => void) => {
      const before = ran().length;
      change();
      assert.equal(run().status, 0);
      assert.equal(ran().length, before + 2);
    };

    again(() => folder.write('domain/kill/kill.ts', 'second'));
    again(() => folder.write('config/strategies.yaml', 'second'));
    again(() => folder.write('observability/dashboards/live.yaml', 'second'));
    again(() => folder.write('lambdas/kill/tell.ts', 'new'));
    again(() => folder.write('page/main.ts', 'second'));
    again(() => folder.write('page/style.css', 'second'));
    again(() => rmSync(join(folder.path, 'statemachines/kill.asl.json')));
    again(() => rmSync(join(folder.path, 'cdk.out'), { recursive: true }));
    again(() => rmSync(join(folder.path, 'build'), { recursive: true }));
  });

  it('builds in any case with --always', () => {
    run();
    run('--always');

    assert.equal(ran().length, 4);
  });

  it('fails as the step failed, says which, and builds again the next time', () => {
    run();
    folder.write('domain/kill/kill.ts', 'second');
    const bundle = folder.read('scripts/bundle.ts') ?? '';
    folder.write('scripts/bundle.ts', `${bundle}console.error('a syntax error'); process.exit(3);`);

    const { status, stderr } = run();

    assert.equal(status, 3);
    assert.match(stderr, /a syntax error\n✖ bundling the Lambdas failed; the lines above say why\n$/);
    assert.deepEqual(ran().slice(2), ['bundle ']);
    folder.write('domain/kill/kill.ts', 'first');
    folder.write('scripts/bundle.ts', bundle);
    assert.equal(run().status, 0);
    assert.deepEqual(ran().slice(3), ['bundle ', 'cdk synth --quiet']);
  });
});
