import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { CliError } from './cli-error.ts';

const Local = z.looseObject({ url: z.string() });
const Simulation = z.looseObject({
  engineFaultUrl: z.string(),
  venueFaultUrl: z.string(),
  channelFaultUrl: z.string(),
});
export type Simulation = z.infer<typeof Simulation>;

/** Where the local host listens, from the data folder it writes; undefined when there is none. */
export const localUrl = async (dataPath: string): Promise<string | undefined> =>
  (await document(join(dataPath, 'local.json'), Local))?.url;

/** Where faults are injected. Refuses outside a local installation: only its simulated engine, venue and channels have such a port. */
export async function simulation(dataPath: string): Promise<Simulation> {
  const found = await document(join(dataPath, 'simulation.json'), Simulation);
  if (found) return found;
  throw new CliError(
    'usage',
    `there is no simulation in ${dataPath}`,
    "start the local control plane with 'npm start', or name its folder with --data",
    {
      code: 'NoSimulation',
    },
  );
}

async function document<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new CliError('usage', `${path} cannot be read: ${String(error)}`, 'check who owns it', { cause: error });
  });
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new CliError(
      'usage',
      `${path} is not what the local host writes`,
      "stop it and start it again with 'npm start'",
      { cause: error },
    );
  }
}
