import type { Deployment } from './deployment.ts';

export type DeploymentEvent = {
  readonly type: string;
  readonly at: number;
  readonly by: 'USER' | 'APPCONFIG';
  readonly text: string;
};
export type Progress = {
  readonly state: 'DEPLOYING' | 'BAKING' | 'COMPLETE' | 'ROLLED_BACK' | 'REVERTED';
  readonly percentage: number;
  readonly completedAt: number | undefined;
  /** Oldest first. */
  readonly events: readonly DeploymentEvent[];
};

const minute = 60_000;

/** Where a deployment stands at `now` (epoch milliseconds): nothing runs in the background, its strategy and the clock say it all. */
export function progressOf(deployment: Deployment, now: number): Progress {
  const { started, stop } = deployment;
  const milestones = milestonesOf(deployment);
  const at = stop ? stop.at : Math.max(now, started); // a clock that was set back undoes no deployment, and holds up none
  const reached = milestones.filter((milestone) => milestone.at <= at);
  const last = reached.at(-1);
  const own = last?.state ?? 'DEPLOYING';
  return {
    state: stop?.outcome ?? own,
    percentage: own === 'DEPLOYING' ? grown(deployment, at - started) : 100,
    completedAt: stop?.at ?? (own === 'COMPLETE' ? last?.at : undefined),
    events: [...reached, ...(stop ? [stopEvent(stop)] : [])],
  };
}

function milestonesOf({ started, strategy }: Deployment) {
  const deployed = started + strategy.deploymentDurationInMinutes * minute;
  const complete = deployed + strategy.finalBakeTimeInMinutes * minute;
  return [
    { state: 'DEPLOYING', type: 'DEPLOYMENT_STARTED', at: started, by: 'USER', text: 'Deployment started' },
    { state: 'BAKING', type: 'BAKE_TIME_STARTED', at: deployed, by: 'APPCONFIG', text: 'Deployed to all readers' },
    { state: 'COMPLETE', type: 'DEPLOYMENT_COMPLETED', at: complete, by: 'APPCONFIG', text: 'Deployment completed' },
  ] as const;
}

function stopEvent({ at, outcome }: NonNullable<Deployment['stop']>): DeploymentEvent {
  const type = outcome === 'REVERTED' ? 'REVERT_COMPLETED' : 'ROLLBACK_COMPLETED';
  return { type, at, by: 'USER', text: 'Stopped by StopDeployment' };
}

export const inProgress = ({ state }: Progress) => state === 'DEPLOYING' || state === 'BAKING';

/** The share of readers reached after `elapsed` milliseconds: the first step at once, the others evenly over the duration. */
function grown({ strategy }: Deployment, elapsed: number): number {
  const { growthFactor, growthType, deploymentDurationInMinutes } = strategy;
  const share = (step: number) => (growthType === 'LINEAR' ? growthFactor * (step + 1) : growthFactor * 2 ** step);
  let steps = 1;
  while (share(steps - 1) < 100) steps += 1;
  const step = Math.floor((elapsed / (deploymentDurationInMinutes * minute)) * steps);
  return Math.min(100, share(step));
}
