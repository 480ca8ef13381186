import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { type Figure, percentile } from './figure.ts';

const run = promisify(execFile);
const BUNDLES = 'build/lambdas';

/** How long `cdk synth` takes, into a folder of its own so that nothing under way is disturbed. */
export async function synthFigures(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tradepulse-synth-'));
  try {
    const startedAt = performance.now();
    await run(process.execPath, ['node_modules/aws-cdk/bin/cdk', 'synth', '--quiet', '--output', folder]);
    return [{ name: 'cdk synth', value: (performance.now() - startedAt) / 1000, unit: 's', budget: 6 }];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Size in gzip of the kill bundle and of the largest other one. Refuses when nothing has been bundled. */
export async function bundleFigures(): Promise<Figure[]> {
  const sizes = await Promise.all(
    globSync(`${BUNDLES}/*/*/index.*js`).map(async (path) => ({
      name: relative(BUNDLES, dirname(path)),
      kilobytes: gzipSync(await readFile(path)).byteLength / 1000,
    })),
  );
  const kill = sizes.find(({ name }) => name === 'api/kill');
  const [largest] = sizes.filter(({ name }) => name !== 'api/kill').toSorted((a, b) => b.kilobytes - a.kilobytes);
  if (!kill || !largest)
    throw new Error(`there are no bundles in ${BUNDLES}: run 'npm start' or 'npm run synth' first`);
  return [
    { name: 'bundle of kill, gzip', value: kill.kilobytes, unit: 'KB', budget: 170 },
    {
      name: 'largest other bundle, gzip',
      value: largest.kilobytes,
      unit: 'KB',
      budget: 220,
      note: `${largest.name}, of ${sizes.length}`,
    },
  ];
}

const ROUNDS = 9;

/** What importing the kill bundle adds to a bare Node start: medians of alternating rounds. */
export async function importFigures(): Promise<Figure[]> {
  const bundle = join(process.cwd(), BUNDLES, 'api/kill/index.cjs');
  const bare: number[] = [];
  const loaded: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    bare.push(await timed('process.exit()'));
    loaded.push(await timed(`require(${JSON.stringify(bundle)}); process.exit()`)); // what it fetches ahead is not its import
  }
  const added = percentile(loaded, 0.5) - percentile(bare, 0.5);
  return [{ name: 'import of the kill bundle, over a bare Node', value: added, unit: 'ms', budget: 60 }];
}

async function timed(code: string): Promise<number> {
  const startedAt = performance.now();
  await run(process.execPath, ['-e', code], { env: LAMBDA_ENVIRONMENT });
  return performance.now() - startedAt;
}

/** A function refuses to load without its environment; nothing here is connected to. */
const LAMBDA_ENVIRONMENT = {
  ...{ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench', PATH: '/usr/bin' },
  ...{
    CONTROL_TABLE: 'control',
    LEDGER_TABLE: 'ledger',
    EVIDENCE_BUCKET: 'evidence',
    EVENT_BUS_NAME: 'bus',
    COMMAND_KEY_ID: 'key',
  },
  ...{
    KILL_KEY_SECRET: 'kill',
    VENUE_CREDENTIALS_SECRET: 'venue',
    TOKEN_ISSUER: 'http://127.0.0.1:9/oidc',
    OPERATOR_CLIENT_ID: 'client',
  },
  ...{
    TRUSTED_MANIFEST_KEYS: '',
    LAUNCH_MACHINE_ARN: 'arn:launch',
    STOP_MACHINE_ARN: 'arn:stop',
    KILL_MACHINE_ARN: 'arn:kill',
  },
};
