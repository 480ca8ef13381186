import { join } from 'node:path';
import {
  AppConfigClient,
  CreateHostedConfigurationVersionCommand,
  StartDeploymentCommand,
} from '@aws-sdk/client-appconfig';
import { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import { clientOptions, serveLocally } from '../serve-locally.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { flags, ids, openAppConfig } from './flag-profile.ts';

/** AppConfig behind a real server with the official clients; `restart` opens the same file again. */
export async function withAppConfig() {
  const folder = await temporaryFolder();
  const clock = { now: Date.parse('2026-11-23T10:00:00Z') };
  const dataPath = join(folder.path, 'appconfig.db');
  let service = openAppConfig(dataPath, clock);
  const [control, data] = await Promise.all([
    serveLocally((request) => service.control(request)),
    serveLocally((request) => service.data(request)),
  ]);
  const client = new AppConfigClient(clientOptions(control.url));
  const reader = new AppConfigDataClient(clientOptions(data.url));

  return {
    client,
    reader,
    clock,
    restart() {
      service.close();
      service = openAppConfig(dataPath, clock);
    },
    addVersion: (
      enabled: boolean,
      more: Partial<ConstructorParameters<typeof CreateHostedConfigurationVersionCommand>[0]> = {},
    ) =>
      client.send(
        new CreateHostedConfigurationVersionCommand({
          ...ids,
          Content: flags(enabled),
          ContentType: 'application/json',
          ...more,
        }),
      ),
    deploy: (version: number | string, more: Partial<ConstructorParameters<typeof StartDeploymentCommand>[0]> = {}) =>
      client.send(new StartDeploymentCommand({ ...ids, ConfigurationVersion: String(version), ...more })),
    async close() {
      client.destroy();
      reader.destroy();
      await Promise.all([control.close(), data.close()]);
      service.close();
      await folder.remove();
    },
  };
}

export type WithAppConfig = Awaited<ReturnType<typeof withAppConfig>>;
