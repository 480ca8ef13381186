import type { Digest } from '../ids.ts';

/** One check as CI tells it. `commit` is what CI says that it checked. */
export type CiCheck = {
  readonly name: string;
  readonly commit: string;
  /** `success` is the only yes; absent while it has not finished. */
  readonly conclusion?: string | undefined;
  readonly completedAt?: string | undefined;
  readonly url?: string | undefined;
};

/** The checks of a commit, or why they could not be read. */
export type CiRead =
  | { readonly source: string; readonly hash?: Digest | undefined; readonly checks: readonly CiCheck[] }
  | { readonly source: string; readonly hash?: Digest | undefined; readonly problem: string };

/** Check runs of a commit, from a CI service. The newest run of each name; nothing is thrown for what the service says. */
export interface CiChecks {
  read(repository: string, commit: string): Promise<CiRead>;
}
