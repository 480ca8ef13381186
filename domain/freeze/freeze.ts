import * as z from 'zod';
import { ActorId, RunId } from '../ids.ts';
import { scopesOf } from '../kill/scope-latch.ts';
import type { Registration } from '../registration.ts';

/** What a freeze holds up, in the words of killed scopes (`all`, `desk:<desk>`, `venue:<id>`), or one strategy: `strategy:<id>`. */
const FreezeScope = z.string().regex(/^(all|(desk|venue):.{1,100}|strategy:[a-z][a-z0-9-]{0,39})$/u);

/** Where a freeze comes from (product decision 11). The release window and the error budget are agreements: two designated people may override them. */
export const FreezeSource = z.enum([
  'kill',
  'manual',
  'error-budget',
  'release-window',
  'post-mortem-actions',
  'review',
  'orders-left',
]);
export type FreezeSource = z.infer<typeof FreezeSource>;

/** No new launches of what it covers while this stands (runbook 5.1.4). Times are ISO. */
export const Freeze = z.object({
  id: z.string().min(1),
  scope: FreezeScope,
  source: FreezeSource,
  reason: z.string(),
  /** The kill that brought it, where one did. */
  runId: RunId.optional(),
  by: ActorId,
  since: z.iso.datetime(),
  /** When it ends by itself, where that is known. */
  until: z.iso.datetime().optional(),
  /** When two people lifted it. A lifted one stays, so that nothing has to be deleted, and holds nobody up. */
  liftedAt: z.iso.datetime().optional(),
  /** The recovery that lifted it, or the question that two people signed. */
  liftedBy: z.string().optional(),
});
export type Freeze = z.infer<typeof Freeze>;

/** Agreements, not dangers (product decision 13). */
const SOFT: ReadonlySet<FreezeSource> = new Set<FreezeSource>(['error-budget', 'release-window']);

export const isSoft = ({ source }: Freeze): boolean => SOFT.has(source);

/** Whether it holds anybody up at this moment: neither lifted, nor over by itself. */
export const isStanding = ({ liftedAt, until }: Freeze, now: Date): boolean =>
  liftedAt === undefined && (until === undefined || now.toISOString() < until);

export const strategyScope = (id: string): string => `strategy:${id}`;

/** Every scope by which a strategy can be frozen, widest first. */
export const freezeScopesOf = (registration: Registration): string[] => [
  ...scopesOf(registration),
  strategyScope(registration.id),
];

/** Whether this strategy is held up by it. */
export const covers = ({ scope }: Pick<Freeze, 'scope'>, registration: Registration): boolean =>
  freezeScopesOf(registration).includes(scope);
