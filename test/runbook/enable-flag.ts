import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppConfigClient } from '@aws-sdk/client-appconfig';
import * as z from 'zod';
import { AppConfigFlags } from '../../adapters/aws/appconfig-flags.ts';
import { pause } from '../../adapters/aws/clock.ts';
import type { Registration } from '../../domain/registration.ts';

const Local = z.looseObject({
  ...{ region: z.string(), accessKeyId: z.string(), secretAccessKey: z.string() },
  endpoints: z.looseObject({ appconfig: z.string() }),
});

/** Switches a flag of a running host on, past the control plane. */
export async function enableFlag(data: string, flag: Registration['flag']): Promise<void> {
  const { region, endpoints, ...credentials } = Local.parse(
    JSON.parse(await readFile(join(data, 'local.json'), 'utf8')),
  );
  const client = new AppConfigClient({ region, endpoint: endpoints.appconfig, credentials });
  const flags = new AppConfigFlags(client, async () => ({ live: undefined, version: undefined }), pause);
  await flags.enable(flag, async () => undefined);
  client.destroy();
}
