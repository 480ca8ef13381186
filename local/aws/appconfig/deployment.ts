import * as z from 'zod';
import type { Strategy } from './resources.ts';

/** A row of the deployments table. The strategy is the one the deployment started with. */
export const DeploymentRow = z.object({
  application: z.string(),
  environment: z.string(),
  number: z.number(),
  profile: z.string(),
  version: z.number(),
  strategy: z.string(),
  description: z.string().nullable(),
  started: z.number(),
  stopped: z.number().nullable(),
  outcome: z.enum(['ROLLED_BACK', 'REVERTED']).nullable(),
});

export type Deployment = {
  readonly application: string;
  readonly environment: string;
  readonly number: number;
  readonly profile: string;
  readonly version: number;
  readonly strategy: Strategy;
  readonly description: string | undefined;
  /** Epoch milliseconds. */
  readonly started: number;
  readonly stop: { readonly at: number; readonly outcome: 'ROLLED_BACK' | 'REVERTED' } | undefined;
};

export function deploymentOf(row: unknown): Deployment {
  const { strategy, description, stopped, outcome, ...rest } = DeploymentRow.parse(row);
  return {
    ...rest,
    strategy: JSON.parse(strategy),
    description: description ?? undefined,
    stop: stopped === null || outcome === null ? undefined : { at: stopped, outcome },
  };
}
