/**
 * Bundles the Lambdas and synthesizes the template into `cdk.out`, unless that was done from these very files already. What the
 * local host and the tests run is therefore never older than its source. `--always` builds in any case (`npm run synth`), and what
 * follows is for the CDK; a template made with options of its own is not taken for the usual one later.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const stamp = join(root, 'build/built-from.sha256');

/** Everything that the bundles or the template are made from. */
const sources = [
  '{adapters,api,domain,lambdas,lib,page}/**/*.ts',
  'page/*.css',
  'statemachines/*.json',
  'config/**/*.yaml',
  'observability/**/*.yaml',
  'docs/runbook.md',
  'scripts/*.ts',
  'bin/control-plane.ts',
  'cdk.json',
  'package-lock.json',
];

function digestOfSources(): string {
  const hash = createHash('sha256');
  for (const path of sources.flatMap((pattern) => globSync(pattern, { cwd: root })).toSorted())
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  return hash.digest('hex');
}

/** True when `cdk.out` and the bundles were made from files of this digest. */
function isBuiltFrom(digest: string): boolean {
  const all = [stamp, join(root, 'build/lambdas'), join(root, 'cdk.out/TradePulse.template.json')];
  return all.every((path) => existsSync(path)) && readFileSync(stamp, 'utf8') === digest;
}

/** Runs one step of the build; ends this process as it ended when it failed, having said why. */
function build(what: string, script: string, ...args: readonly string[]): void {
  const { status } = spawnSync(process.execPath, [script, ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status === 0) return;
  console.error(`✖ ${what} failed; the lines above say why`);
  process.exit(status ?? 1);
}

const digest = digestOfSources();
const [first, ...forCdk] = process.argv.slice(2);
if (first === '--always' || !isBuiltFrom(digest)) {
  console.error('▶ building Lambdas and template');
  rmSync(stamp, { force: true });
  build('bundling the Lambdas', 'scripts/bundle.ts');
  build('synthesizing the template', 'node_modules/aws-cdk/bin/cdk', 'synth', '--quiet', ...forCdk);
  if (forCdk.length === 0) writeFileSync(stamp, digest);
}
