import * as z from 'zod';

/** Where the checks of a commit are read: in a signed attestation in the evidence bucket, or at GitHub (`owner/name`). */
export const CiSource = z.discriminatedUnion('source', [
  z.strictObject({ source: z.literal('attestation') }),
  z.strictObject({
    source: z.literal('github'),
    repository: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/, 'a repository is owner/name'),
  }),
]);
export type CiSource = z.infer<typeof CiSource>;
