import type { Deployment } from './deployment.ts';
import { progressOf } from './deployment-progress.ts';
import type { Profile } from './resources.ts';
import type { Version } from './version-table.ts';

const iso = (at: number) => new Date(at).toISOString();

/** One line of ListDeployments. */
export function deploymentSummary(
  deployment: Deployment,
  { name }: Profile,
  version: Version | undefined,
  now: number,
) {
  const { state, percentage, completedAt } = progressOf(deployment, now);
  const { strategy } = deployment;
  return {
    DeploymentNumber: deployment.number,
    ConfigurationName: name,
    ConfigurationVersion: String(deployment.version),
    DeploymentDurationInMinutes: strategy.deploymentDurationInMinutes,
    GrowthType: strategy.growthType,
    GrowthFactor: strategy.growthFactor,
    FinalBakeTimeInMinutes: strategy.finalBakeTimeInMinutes,
    State: state,
    PercentageComplete: percentage,
    StartedAt: iso(deployment.started),
    CompletedAt: completedAt === undefined ? undefined : iso(completedAt),
    VersionLabel: version?.label ?? undefined,
  };
}

/** A deployment with its event log, newest event first. */
export function deploymentReply(deployment: Deployment, profile: Profile, version: Version | undefined, now: number) {
  return {
    ...deploymentSummary(deployment, profile, version, now),
    ApplicationId: deployment.application,
    EnvironmentId: deployment.environment,
    DeploymentStrategyId: deployment.strategy.id,
    ConfigurationProfileId: deployment.profile,
    ConfigurationLocationUri: 'hosted',
    Description: deployment.description,
    EventLog: progressOf(deployment, now)
      .events.map(({ type, at, by, text }) => ({
        EventType: type,
        TriggeredBy: by,
        Description: text,
        OccurredAt: iso(at),
      }))
      .toReversed(),
  };
}
