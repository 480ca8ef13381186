import { progressOf } from './deployment-progress.ts';
import type { Store } from './store.ts';

type Reader = {
  readonly application: string;
  readonly environment: string;
  readonly profile: string;
  readonly share: number;
};

/** The version a reader gets: that of the newest deployment that has reached it, so one rolled back or reverted gives way to the one before. */
export function deployedVersion({ deployments, versions }: Store, reader: Reader, now: number) {
  const { application, environment, profile, share } = reader;
  const reached = deployments
    .all(application, environment)
    .find(
      (deployment) =>
        deployment.profile === profile && !deployment.stop && progressOf(deployment, now).percentage > share,
    );
  return reached && versions.one(application, profile, reached.version);
}
