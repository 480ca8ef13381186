import * as z from 'zod';

/** The killed scope whose latch is to be lifted, e.g. `desk:crypto`. */
export const ScopeRecoveryRequest = z.strictObject({ scope: z.string().min(1).max(120) });
export type ScopeRecoveryRequest = z.infer<typeof ScopeRecoveryRequest>;
