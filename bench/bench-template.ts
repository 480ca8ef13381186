import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse, stringify } from 'yaml';
import * as z from 'zod';

const run = promisify(execFile);
const FOLDER = 'build/bench';

const Config = z.object({ strategies: z.array(z.record(z.string(), z.unknown())).min(1) });

/** Strategies like the first demo strategy, `bench-1` and so on, in a template of their own: kills of different strategies need them. */
export async function benchTemplate(count: number): Promise<{ template: string; strategies: string[] }> {
  const { strategies: demo } = Config.parse(parse(await readFile('config/strategies.yaml', 'utf8')));
  const ids = Array.from({ length: count }, (_, index) => `bench-${index + 1}`);
  const strategies = ids.map((id) => ({
    ...demo[0],
    id,
    flag: { application: 'bench' },
    engines: [{ instanceId: `${id}-1`, controlUrl: `\${EngineBaseUrl}/${id}-1` }],
  }));
  await mkdir(FOLDER, { recursive: true });
  const config = join(FOLDER, 'strategies.yaml');
  await writeFile(config, stringify({ strategies }));
  const template = join(FOLDER, 'cdk.out');
  const synth = ['synth', '--quiet', '--output', template, '-c', `strategies=${config}`];
  await run(process.execPath, ['node_modules/aws-cdk/bin/cdk', ...synth]);
  return { template, strategies: ids };
}
