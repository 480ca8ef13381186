import { AwsError } from '../aws-error.ts';
import type { Deployment } from './deployment.ts';
import { inProgress, progressOf } from './deployment-progress.ts';
import type { Store } from './store.ts';

const revertible = 72 * 3_600_000;

/** StopDeployment: one in progress is rolled back; a complete one is reverted only with Allow-Revert, within 72 hours, and only if it is the newest of its profile. */
export function stopDeployment(
  { deployments, transaction }: Store,
  deployment: Deployment,
  allowRevert: boolean,
  now: number,
): Deployment {
  const progress = progressOf(deployment, now);
  const outcome = inProgress(progress) ? 'ROLLED_BACK' : 'REVERTED';
  if (outcome === 'REVERTED') {
    const newest = deployments
      .all(deployment.application, deployment.environment)
      .find(({ profile, stop }) => profile === deployment.profile && !stop);
    const age = now - (progress.completedAt ?? now);
    if (progress.state !== 'COMPLETE' || !allowRevert || age > revertible || newest?.number !== deployment.number) {
      throw new AwsError(
        'BadRequestException',
        `Deployment ${deployment.number} is ${progress.state}: only one in progress can be stopped, and only the newest complete one reverted, with Allow-Revert, within 72 hours`,
      );
    }
  }
  const stop = { at: now, outcome } as const;
  transaction(() => deployments.stop(deployment, stop));
  return { ...deployment, stop };
}
