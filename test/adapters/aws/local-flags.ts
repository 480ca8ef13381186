import { join } from 'node:path';
import {
  AppConfigClient,
  CreateHostedConfigurationVersionCommand,
  GetDeploymentCommand,
  ListDeploymentsCommand,
  StartDeploymentCommand,
} from '@aws-sdk/client-appconfig';
import { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import { AppConfigFlags } from '../../../adapters/aws/appconfig-flags.ts';
import { createFlagReader } from '../../../adapters/aws/appconfig-reader.ts';
import { flags as document, ids, openAppConfig } from '../../local/aws/appconfig/flag-profile.ts';
import { serveLocally } from '../../local/aws/serve-locally.ts';
import { temporaryFolder } from '../../local/aws/temporary-folder.ts';
import { pointAt } from './point-at.ts';

/** The flag of one strategy: its deployments are complete at once, as those of the stack are. */
export const flag = {
  applicationId: ids.ApplicationId,
  environmentId: ids.EnvironmentId,
  profileId: ids.ConfigurationProfileId,
  deploymentStrategyId: ids.DeploymentStrategyId,
};
/** The same flag, deployed over ten minutes. */
export const slowly = { ...flag, deploymentStrategyId: 'linear1' };

/** A fresh local AppConfig, and the adapter on it; pausing moves its clock, so nothing waits. */
export async function localFlags(pauseMs = 60_000) {
  const folder = await temporaryFolder();
  const clock = { now: Date.parse('2026-11-24T12:00:00Z') };
  const service = openAppConfig(join(folder.path, 'appconfig.db'), clock);
  const [control, data] = await Promise.all([serveLocally(service.control), serveLocally(service.data)]);
  pointAt('APPCONFIG', control.url);
  pointAt('APPCONFIGDATA', data.url);
  const client = new AppConfigClient({});
  const reader = new AppConfigDataClient({});
  const read = createFlagReader(reader, () => new Date(clock.now));
  const flags = new AppConfigFlags(client, read, async () => {
    clock.now += pauseMs;
  });
  return {
    flags,
    read,
    clock,
    /** What readers get who have never read before. */
    readAfresh: () => createFlagReader(reader, () => new Date(clock.now))(flag, 0),
    /** Somebody who writes the flag beside the control plane. */
    async writeOutOfBand(enabled: boolean, strategy = 'instant') {
      const content = { Content: document(enabled), ContentType: 'application/json' };
      const { VersionNumber } = await client.send(new CreateHostedConfigurationVersionCommand({ ...ids, ...content }));
      const version = { ConfigurationVersion: String(VersionNumber), DeploymentStrategyId: strategy };
      await client.send(new StartDeploymentCommand({ ...ids, ...version }));
    },
    /** Newest first. */
    async deployments() {
      const { Items = [] } = await client.send(new ListDeploymentsCommand(ids));
      return Items.map(({ DeploymentNumber, State }) => `${DeploymentNumber} ${State}`);
    },
    describe: (DeploymentNumber: number) => client.send(new GetDeploymentCommand({ ...ids, DeploymentNumber })),
    async close() {
      client.destroy();
      reader.destroy();
      await Promise.all([control.close(), data.close()]);
      service.close();
      await folder.remove();
    },
  };
}

export type LocalFlags = Awaited<ReturnType<typeof localFlags>>;
