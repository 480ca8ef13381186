import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { promisify } from 'node:util';
import { parse, stringify } from 'yaml';
import * as z from 'zod';
import { startLocalHost } from '../../rehearsal/local-host.ts';
import { type OnALocalHost, settledOn } from './on-a-local-host.ts';

const run = promisify(execFile);
const Config = z.object({
  strategies: z.array(z.looseObject({ id: z.string(), engines: z.array(z.unknown()) })).min(1),
});

/** Starts one host for the file that calls this, whose btc-momentum runs on eight engine instances: the same template, synthesized from a configuration that says so. */
export function onEightEngines(): OnALocalHost {
  const here: Partial<OnALocalHost> = {};
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'eight-engines-'));
    Object.assign(here, await settledOn(await startLocalHost({ options: ['--template', await eightTimes(folder)] })));
  });
  after(async () => {
    await here.host?.close();
    await rm(folder, { recursive: true, force: true });
  });
  return here as OnALocalHost; // every test runs after `before`
}

export const EIGHT = Array.from({ length: 8 }, (_, index) => `btc-momentum-${index + 1}`);

async function eightTimes(folder: string): Promise<string> {
  const { strategies } = Config.parse(parse(await readFile('config/strategies.yaml', 'utf8')));
  const engines = EIGHT.map((instanceId) => ({ instanceId, controlUrl: `\${EngineBaseUrl}/${instanceId}` }));
  const config = join(folder, 'strategies.yaml');
  const more = strategies.map((each) => (each.id === 'btc-momentum' ? { ...each, engines } : each));
  await writeFile(config, stringify({ strategies: more }));
  const template = join(folder, 'cdk.out');
  const synth = ['synth', '--quiet', '--output', template, '-c', `strategies=${config}`];
  await run(process.execPath, ['node_modules/aws-cdk/bin/cdk', ...synth]);
  return template;
}
