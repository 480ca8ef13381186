import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse, stringify } from 'yaml';
import * as z from 'zod';

const run = promisify(execFile);
const FOLDER = 'build/faults';

const Config = z.object({ strategies: z.array(z.record(z.string(), z.unknown())).min(1) });

/** Strategies like the first demo strategy, each with a desk of its own, so that the kill of a desk is that of one strategy. Answers the template's folder. */
export async function faultsTemplate(count: number): Promise<string> {
  const { strategies: demo } = Config.parse(parse(await readFile('config/strategies.yaml', 'utf8')));
  const strategies = Array.from({ length: count }, (_, index) => ({
    ...demo[0],
    id: `fault-${index + 1}`,
    desk: `desk-${index + 1}`,
    engines: [{ instanceId: `fault-${index + 1}-1`, controlUrl: `\${EngineBaseUrl}/fault-${index + 1}-1` }],
  }));
  await mkdir(FOLDER, { recursive: true });
  const config = join(FOLDER, 'strategies.yaml');
  await writeFile(config, stringify({ strategies }));
  const template = join(FOLDER, 'cdk.out');
  const synth = ['synth', '--quiet', '--output', template, '-c', `strategies=${config}`];
  await run(process.execPath, ['node_modules/aws-cdk/bin/cdk', ...synth]);
  return template;
}
