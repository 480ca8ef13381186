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
import type { FlagDeployment, FlagReading, Flags } from '../../domain/ports/flags.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { Registration } from '../../domain/registration.ts';
import { versionLabel } from './flag-version-label.ts';

type Flag = Registration['flag'];
type Locks = { version: number; deployment: number };

const IN_PROGRESS = new Set(['BAKING', 'VALIDATING', 'DEPLOYING', 'ROLLING_BACK']);
const OFF = 'live.enabled = false'; // the description that tells a deployment which switches off from any other
const ON = 'live.enabled = true';
const DISABLE_ATTEMPTS = 20;
const COMPLETE_POLLS = 40;
const POLL_MS = 250;

/** The one writer of the `live` flag (architecture section 8). Both optimistic locks are always passed. */
export class AppConfigFlags implements Flags {
  readonly #appConfig: AppConfigClient;
  readonly #read: Flags['read'];
  readonly #pause: (ms: number) => Promise<void>;

  constructor(
    appConfig: AppConfigClient,
    read: (flag: Flag, atLeast: number) => Promise<FlagReading>,
    pause: (ms: number) => Promise<void>,
  ) {
    this.#appConfig = appConfig;
    this.#read = read;
    this.#pause = pause;
  }

  async enable(flag: Flag, stillAllowed: () => Promise<void>): Promise<FlagDeployment> {
    const locks = await this.#locksToHold(flag);
    await stillAllowed();
    try {
      return await this.#deploy(flag, locks, true);
    } catch (error) {
      if (!(error instanceof ConflictException || error instanceof DeploymentEnded)) throw error;
      throw new Refusal(
        'FlagConflict',
        'somebody else is writing this flag',
        'find out who writes live.enabled beside the control plane, then launch again',
      );
    }
  }

  async disable(flag: Flag): Promise<FlagDeployment> {
    for (let attempt = 1; ; attempt += 1) {
      const locks = await this.#locks(flag);
      try {
        return await this.#deploy(flag, locks, false);
      } catch (error) {
        const outdone = error instanceof ConflictException || error instanceof DeploymentEnded;
        if (!outdone || attempt === DISABLE_ATTEMPTS) throw error;
        await this.#stopInFlight(flag);
        await this.#pause(POLL_MS);
      }
    }
  }

  read(flag: Flag, atLeast: number): Promise<FlagReading> {
    return this.#read(flag, atLeast);
  }

  /** An enable holds both locks: where nothing was ever deployed there is none to hold, and a disable could not win. */
  async #locksToHold(flag: Flag): Promise<Locks> {
    const locks = await this.#locks(flag);
    if (locks.version > 0 && locks.deployment > 0) return locks;
    await this.disable(flag);
    return this.#locks(flag);
  }

  async #locks({ applicationId, environmentId, profileId }: Flag): Promise<Locks> {
    const [versions, deployments] = await Promise.all([
      this.#appConfig.send(
        new ListHostedConfigurationVersionsCommand({
          ApplicationId: applicationId,
          ConfigurationProfileId: profileId,
          MaxResults: 1,
        }),
      ),
      this.#appConfig.send(
        new ListDeploymentsCommand({ ApplicationId: applicationId, EnvironmentId: environmentId, MaxResults: 1 }),
      ),
    ]);
    return {
      version: versions.Items?.[0]?.VersionNumber ?? 0,
      deployment: deployments.Items?.[0]?.DeploymentNumber ?? 0,
    };
  }

  async #deploy(flag: Flag, locks: Locks, enabled: boolean): Promise<FlagDeployment> {
    const version = await this.#writeVersion(flag, locks.version, enabled);
    const { DeploymentNumber = 0 } = await this.#appConfig.send(
      new StartDeploymentCommand({
        ApplicationId: flag.applicationId,
        EnvironmentId: flag.environmentId,
        ConfigurationProfileId: flag.profileId,
        ConfigurationVersion: String(version),
        DeploymentStrategyId: flag.deploymentStrategyId,
        Description: enabled ? ON : OFF,
        ...(locks.deployment > 0 && { LatestDeploymentNumber: locks.deployment }),
      }),
    );
    return this.#completed(flag, version, DeploymentNumber);
  }

  async #writeVersion({ applicationId, profileId }: Flag, latest: number, enabled: boolean): Promise<number> {
    const document = { version: '1', flags: { live: { name: 'live.enabled' } }, values: { live: { enabled } } };
    const { VersionNumber } = await this.#appConfig.send(
      new CreateHostedConfigurationVersionCommand({
        ApplicationId: applicationId,
        ConfigurationProfileId: profileId,
        Content: Buffer.from(JSON.stringify(document)),
        ContentType: 'application/json',
        VersionLabel: versionLabel(latest + 1),
        ...(latest > 0 && { LatestVersionNumber: latest }),
      }),
    );
    if (VersionNumber === undefined) throw new Error('AppConfig returned no version number');
    return VersionNumber;
  }

  /** Waits until the deployment is complete: "off" is said only then. */
  async #completed(
    { applicationId, environmentId }: Flag,
    version: number,
    deployment: number,
  ): Promise<FlagDeployment> {
    const command = new GetDeploymentCommand({
      ApplicationId: applicationId,
      EnvironmentId: environmentId,
      DeploymentNumber: deployment,
    });
    for (let poll = 0; poll < COMPLETE_POLLS; poll += 1) {
      const { State = 'UNKNOWN', CompletedAt } = await this.#appConfig.send(command);
      if (State === 'COMPLETE')
        return { version, deployment, state: State, at: (CompletedAt ?? new Date(0)).toISOString() };
      if (!IN_PROGRESS.has(State)) throw new DeploymentEnded(deployment, State);
      await this.#pause(POLL_MS);
    }
    throw new Error(
      `deployment ${deployment} of version ${version} did not complete in ${(COMPLETE_POLLS * POLL_MS) / 1000} s`,
    );
  }

  /** Disable wins: what is in flight is stopped for the next try, unless it switches off itself; stopping that would switch on. */
  async #stopInFlight({ applicationId, environmentId }: Flag): Promise<void> {
    const place = { ApplicationId: applicationId, EnvironmentId: environmentId };
    const { Items = [] } = await this.#appConfig.send(new ListDeploymentsCommand({ ...place, MaxResults: 1 }));
    const DeploymentNumber = Items[0]?.DeploymentNumber;
    if (DeploymentNumber === undefined) return;
    const { State = 'UNKNOWN', Description } = await this.#appConfig.send(
      new GetDeploymentCommand({ ...place, DeploymentNumber }),
    );
    if (!IN_PROGRESS.has(State) || Description === OFF) return;
    try {
      await this.#appConfig.send(new StopDeploymentCommand({ ...place, DeploymentNumber }));
    } catch (error) {
      if (!(error instanceof BadRequestException)) throw error; // it completed meanwhile
    }
  }
}

/** Somebody stopped it, or AppConfig rolled it back. */
class DeploymentEnded extends Error {
  constructor(deployment: number, state: string) {
    super(`deployment ${deployment} ended as ${state}`);
  }
}
