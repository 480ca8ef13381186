/**
 * Bundles every Lambda of `lambdas/<folder>/<name>.ts` in one esbuild run to `build/lambdas/<folder>/<name>/index.cjs`, the
 * bytes that AWS and the local host both run. `--report` prints each size in gzip beside its budget; one over it exits 1.
 *
 * CommonJS, because it starts faster: a bundle with three SDK clients takes 54 ms over a bare Node, as an ES module 68 ms.
 * Class names are minified: whoever matches an error does it by a literal `name`, never by the name of its class.
 */
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build, type OutputFile } from 'esbuild';
import { documentsInBundle } from './documents-in-bundle.ts';
import { leanAwsSdk } from './lean-aws-sdk.ts';
import { leanWebauthn } from './lean-webauthn.ts';
import { leanZod } from './lean-zod.ts';
import { pageInBundle } from './page-in-bundle.ts';

/** Kilobytes (1,000 bytes) in gzip, the SDK inside (product, budgets). */
const budgets = { 'api/kill': 170, 'api/device-kill': 175 } as Readonly<Record<string, number>>;
const usualBudget = 220;

/** The same library as ES modules, of which what no Lambda calls is left out; for Node it offers CommonJS only. Saves 5 kB gzip. */
const yaml = join(import.meta.dirname, '../node_modules/yaml/browser/dist/index.js');

const bundled = 'build/lambdas';
const maps = 'build/source-maps';

/** `launch/lock-deployment` for `lambdas/launch/lock-deployment.ts`: how lib/ names a Lambda's code. Sorted. */
function lambdaNames(root: string): string[] {
  return globSync('lambdas/*/*.ts', { cwd: root })
    .map((path) => relative('lambdas', path).replace(/\.ts$/, '').split(sep).join('/'))
    .sort();
}

async function bundle(root: string): Promise<string[]> {
  const names = lambdaNames(root);
  if (names.length === 0)
    throw new Error(`no Lambda found in ${join(root, 'lambdas/*/*.ts')}; run this from the repository root`);
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: names.map((name) => ({ in: `lambdas/${name}.ts`, out: `${name}/index` })),
    outdir: bundled,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'],
    legalComments: 'none',
    plugins: [leanAwsSdk, leanWebauthn, leanZod, documentsInBundle, pageInBundle],
    alias: { yaml },
    sourcemap: 'external',
    sourcesContent: false,
    write: false,
    logLevel: 'silent',
  });
  for (const folder of [bundled, maps]) rmSync(join(root, folder), { recursive: true, force: true });
  for (const file of outputFiles) write(root, file);
  return names;
}

/** Maps stay out of the bundle's folder: they would be uploaded with it. */
function write(root: string, { path, contents }: OutputFile) {
  const target = path.endsWith('.map') ? join(root, maps, relative(join(root, bundled), path)) : path;
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, contents);
}

/** True when every bundle is within its budget. */
function report(root: string, names: readonly string[]): boolean {
  const sizes = names.map((name) => {
    const code = readFileSync(join(root, bundled, name, 'index.cjs'));
    return {
      name,
      raw: code.length / 1000,
      gzip: gzipSync(code, { level: 9 }).length / 1000,
      budget: budgets[name] ?? usualBudget,
    };
  });
  for (const { name, raw, gzip, budget } of sizes) {
    const verdict = gzip <= budget ? '✓' : '✖';
    console.log(
      `${verdict} ${name.padEnd(36)} ${raw.toFixed(0).padStart(5)} kB  ${gzip.toFixed(1).padStart(6)} kB gzip  of ${budget}`,
    );
  }
  return sizes.every(({ gzip, budget }) => gzip <= budget);
}

const { values } = parseArgs({
  options: { report: { type: 'boolean', default: false }, root: { type: 'string', default: '.' } },
});
const root = resolve(values.root);
try {
  const names = await bundle(root);
  if (values.report && !report(root, names)) process.exitCode = 1;
} catch (error) {
  console.error(`The Lambdas were not bundled: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
