import * as z from 'zod';
import { Role } from '../approval/approval.ts';
import { ActorId } from '../ids.ts';
import type { Registration } from '../registration.ts';
import { DeviceProof } from '../signature/device-proof.ts';

/** What one kill may cover beside a single strategy: `all`, `desk:<desk>`, or `venue:<id>` (whatever trades there). */
export const Scope = z
  .string()
  .regex(/^(all|(desk|venue):.{1,100})$/u)
  .brand<'Scope'>();
export type Scope = z.infer<typeof Scope>;

/** A scope that is killed: `LATCH#<scope>`. The first kill's initiator and reason stay; later ones are reaffirmations in the ledger. */
export const ScopeLatch = z.object({
  id: Scope,
  /** Names the kill, and so the run of every strategy that it kills, whoever finds the strategy first. */
  command: z.string().min(1),
  initiatedBy: ActorId,
  initiatorRoles: z.array(Role),
  reason: z.string(),
  /** What shows that a device asked for it, where one did: each kill that the scope brings keeps it. */
  proof: DeviceProof.optional(),
  at: z.iso.datetime(),
  /** Raised by every kill of the scope and by its recovery: what was signed before a later kill lifts nothing. */
  version: z.int().min(1).optional(),
  /** When two people lifted it. A lifted latch covers nothing, and the next kill of the scope writes it anew. */
  liftedAt: z.iso.datetime().optional(),
});
export type ScopeLatch = z.infer<typeof ScopeLatch>;

/** Every scope that covers a strategy, widest first. */
export const scopesOf = ({ desk, venues }: Pick<Registration, 'desk' | 'venues'>): Scope[] =>
  ['all', `desk:${desk}`, ...venues.map(({ id }) => `venue:${id}`)].map((scope) => Scope.parse(scope));

/** The reason of a strategy's kill that came with its scope's. */
export const scopedReason = (scope: Scope, reason: string): string => `${scope}: ${reason}`;
