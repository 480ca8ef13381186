import * as z from 'zod';
import { ServiceOwner } from './sign-offs.ts';

/** `serviceOwner`: the role in which the owner of the service signs. */
export const PostMortemRequest = z.strictObject({
  text: z.string(),
  serviceOwner: ServiceOwner.default('execution-trader'),
});
export type PostMortemRequest = z.infer<typeof PostMortemRequest>;
