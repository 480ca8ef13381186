import * as z from 'zod';
import { Base64Url } from './assertion.ts';

/** What an authenticator gave when it made a key: a browser's `RegistrationResponseJSON` (W3C WebAuthn section 5.1). */
export const Registration = z.object({
  id: Base64Url,
  rawId: Base64Url,
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: Base64Url,
    attestationObject: z.string().min(1).max(16_384),
    transports: z.array(z.string().max(32)).max(16).optional(),
  }),
  authenticatorAttachment: z.string().max(32).nullish(),
  clientExtensionResults: z.record(z.string(), z.unknown()).default({}),
});
export type Registration = z.infer<typeof Registration>;
