import * as z from 'zod';

/** A person of the local installation. The password and the TOTP secret (base32) stand here for the command line; they open nothing else. */
export const DemoUser = z.object({
  name: z.string(),
  password: z.string(),
  totpSecret: z.string(),
  /** Opaque: ledgers name people by it, never by their name (product decision 16). */
  subject: z.string(),
  groups: z.array(z.string()),
});
export type DemoUser = z.infer<typeof DemoUser>;
