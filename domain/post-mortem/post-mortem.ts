import * as z from 'zod';
import { Role } from '../approval/approval.ts';
import { ActorId, Digest, RunId, StrategyId } from '../ids.ts';

/** What keeps the same thing from happening again. It is done once somebody has given the evidence. */
export const Action = z.object({
  text: z.string(),
  owner: z.string(),
  due: z.iso.date(),
  /** Nothing is recovered before it is done. */
  blocking: z.boolean(),
  done: z.object({ evidence: z.string(), at: z.iso.datetime(), by: ActorId }).optional(),
});
export type Action = z.infer<typeof Action>;

/** The newest version of the post-mortem of one kill, under the run that latched; the text itself is evidence. */
export const PostMortem = z.object({
  id: RunId,
  strategyId: StrategyId,
  /** Its version number, from 1; numbers that never became a version are left out. */
  edition: z.int().min(1),
  /** Where this version stands in the evidence bucket, and the digest of its bytes. */
  file: z.string(),
  digest: Digest,
  submittedBy: ActorId,
  at: z.iso.datetime(),
  /** The role in which the owner of the service signs. */
  serviceOwner: Role,
  actions: z.array(Action),
});
export type PostMortem = z.infer<typeof PostMortem>;

/** Numbers of the actions that block recovery and are not done, counted from 1 as in the file. */
export const openBlockers = ({ actions }: PostMortem): { number: number; action: Action }[] =>
  actions
    .map((action, index) => ({ number: index + 1, action }))
    .filter(({ action }) => action.blocking && !action.done);
