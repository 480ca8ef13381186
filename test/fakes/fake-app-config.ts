import {
  type AppConfigClient,
  BadRequestException,
  ConflictException,
  CreateHostedConfigurationVersionCommand,
  GetDeploymentCommand,
  ListDeploymentsCommand,
  ListHostedConfigurationVersionsCommand,
  StartDeploymentCommand,
  StopDeploymentCommand,
} from '@aws-sdk/client-appconfig';
import { AppConfigFlags } from '../../adapters/aws/appconfig-flags.ts';
import type { FlagReading, Flags } from '../../domain/ports/flags.ts';

type Deployment = {
  number: number;
  version: number;
  enabled: boolean;
  state: 'DEPLOYING' | 'COMPLETE' | 'ROLLED_BACK';
};
/** What lets a request begin when it is its turn. */
export type Turn = (what: string) => Promise<void>;

const said = { message: 'said AppConfig', $metadata: {} };

/** One flag in AppConfig, in memory: both optimistic locks, one deployment in flight, and one that is stopped gives way to the one before. */
export class FakeAppConfig {
  readonly versions: boolean[] = [];
  readonly deployments: Deployment[] = [];

  /** What readers see: the newest deployment that was not rolled back. */
  get reading(): FlagReading {
    const newest = this.deployments.findLast(({ state }) => state !== 'ROLLED_BACK');
    return { live: newest?.enabled ?? false, version: newest?.version ?? 0 };
  }

  /** The real writer of the flag: each of its requests and pauses waits for a turn, and each deployment ends when `ends` says so. */
  flags(turn: Turn, ends: Turn = turn): Flags {
    const send = async (command: { constructor: { name: string }; input: object }) => {
      await turn(`appconfig.${command.constructor.name}`);
      return this.#answer(command, ends);
    };
    const read = async () => {
      await turn('flags.read');
      return this.reading;
    };
    const client = { send } as unknown as AppConfigClient;
    return new AppConfigFlags(client, read, () => turn('appconfig.pause'));
  }

  #answer(command: object, ends: Turn): object {
    if (command instanceof ListHostedConfigurationVersionsCommand)
      return { Items: this.versions.length === 0 ? [] : [{ VersionNumber: this.versions.length }] };
    if (command instanceof ListDeploymentsCommand)
      return { Items: this.deployments.slice(-1).map(({ number }) => ({ DeploymentNumber: number })) };
    if (command instanceof CreateHostedConfigurationVersionCommand) return this.#write(command.input);
    if (command instanceof StartDeploymentCommand) return this.#start(command.input, ends);
    if (command instanceof StopDeploymentCommand) return this.#stop(this.#deployment(command.input));
    if (command instanceof GetDeploymentCommand) {
      const { state, enabled } = this.#deployment(command.input);
      return { State: state, Description: `live.enabled = ${enabled}`, CompletedAt: new Date(0) };
    }
    throw new TypeError(`AppConfig knows no ${command.constructor.name}`);
  }

  #write({ Content, LatestVersionNumber }: CreateHostedConfigurationVersionCommand['input']) {
    if ((LatestVersionNumber ?? this.versions.length) !== this.versions.length) throw new ConflictException(said);
    const text = Buffer.from(Content as Uint8Array).toString(); // our writer gives bytes
    this.versions.push(text.includes('"enabled":true'));
    return { VersionNumber: this.versions.length };
  }

  #start({ ConfigurationVersion, LatestDeploymentNumber }: StartDeploymentCommand['input'], ends: Turn) {
    const newest = this.deployments.at(-1);
    if ((LatestDeploymentNumber ?? newest?.number) !== newest?.number) throw new ConflictException(said);
    if (newest?.state === 'DEPLOYING') throw new ConflictException(said);
    const version = Number(ConfigurationVersion);
    const enabled = this.versions[version - 1] === true;
    const deployment: Deployment = { number: this.deployments.length + 1, version, enabled, state: 'DEPLOYING' };
    this.deployments.push(deployment);
    void ends(`deployment ${deployment.number} ends`).then(() => {
      if (deployment.state === 'DEPLOYING') deployment.state = 'COMPLETE';
    });
    return { DeploymentNumber: deployment.number };
  }

  #stop(deployment: Deployment) {
    if (deployment.state !== 'DEPLOYING') throw new BadRequestException(said);
    deployment.state = 'ROLLED_BACK';
    return {};
  }

  #deployment({ DeploymentNumber }: { DeploymentNumber?: number | undefined }): Deployment {
    const found = this.deployments[(DeploymentNumber ?? 0) - 1];
    if (!found) throw new BadRequestException(said);
    return found;
  }
}
