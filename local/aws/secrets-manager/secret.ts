import * as z from 'zod';

/** A secret as it lies on the disk. Times are epoch seconds, as on the wire; the newest version is last. */
export const Secret = z.object({
  arn: z.string(),
  name: z.string(),
  createdAt: z.number(),
  versions: z.array(
    z.object({
      id: z.string(),
      stages: z.array(z.string()),
      createdAt: z.number(),
      text: z.string().optional(),
      binary: z.string().optional(),
    }),
  ),
});
export type Secret = z.infer<typeof Secret>;
export type SecretVersion = Secret['versions'][number];
