import * as z from 'zod';
import { AwsError } from '../aws-error.ts';
import type { Catalogue } from './catalogue.ts';
import type { Deployment } from './deployment.ts';
import { inProgress, progressOf } from './deployment-progress.ts';
import type { Application, Environment, Profile } from './resources.ts';
import type { Store } from './store.ts';
import { validateContent } from './validate-content.ts';
import type { Version } from './version-table.ts';

const StartDeployment = z.strictObject({
  DeploymentStrategyId: z.string(),
  ConfigurationProfileId: z.string(),
  ConfigurationVersion: z.string().min(1).max(1024),
  Description: z.string().max(1024).optional(),
  Tags: z.record(z.string(), z.string()).optional(),
  LatestDeploymentNumber: z.int().min(0).optional(),
});

/** StartDeployment. One deployment at a time in an environment, and `LatestDeploymentNumber` is the optimistic lock: otherwise 409. */
export function startDeployment(
  store: Store,
  catalogue: Catalogue,
  application: Application,
  environment: Environment,
  body: unknown,
  now: number,
): Deployment {
  const parsed = StartDeployment.safeParse(body);
  if (!parsed.success) throw new AwsError('BadRequestException', z.prettifyError(parsed.error));
  const input = parsed.data;
  const strategy = catalogue.strategy(input.DeploymentStrategyId);
  const profile = catalogue.profile(application, input.ConfigurationProfileId);
  const version = findVersion(store, profile, input.ConfigurationVersion);
  validateContent(profile, version.content);
  return store.transaction(() => {
    const [latest] = store.deployments.all(application.id, environment.id);
    checkLocks(latest, input.LatestDeploymentNumber, environment, now);
    const deployment: Deployment = {
      application: application.id,
      environment: environment.id,
      number: (latest?.number ?? 0) + 1,
      profile: profile.id,
      version: version.number,
      strategy,
      description: input.Description,
      started: now,
      stop: undefined,
    };
    store.deployments.add(deployment);
    return deployment;
  });
}

/** By number, or by label (the newest that carries it). */
function findVersion({ versions }: Store, { id, applicationId }: Profile, wanted: string): Version {
  const found = /^\d+$/.test(wanted)
    ? versions.one(applicationId, id, Number(wanted))
    : versions.labelled(applicationId, id, wanted);
  if (found) return found;
  throw new AwsError(
    'BadRequestException',
    `Profile ${id} has no version ${wanted}; its latest is ${versions.latest(applicationId, id)}`,
  );
}

function checkLocks(latest: Deployment | undefined, seen: number | undefined, { id }: Environment, now: number) {
  const number = latest?.number ?? 0;
  if (seen !== undefined && seen !== number) {
    throw new AwsError(
      'ConflictException',
      `The latest deployment of environment ${id} is ${number}, not ${seen}: read it again`,
      409,
    );
  }
  if (latest && inProgress(progressOf(latest, now))) {
    throw new AwsError('ConflictException', `Deployment ${number} of environment ${id} is still in progress`, 409);
  }
}
