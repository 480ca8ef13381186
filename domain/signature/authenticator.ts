import * as z from 'zod';

/** The id of a credential, base64url. */
export const CredentialId = z.string().regex(/^[A-Za-z0-9_-]{16,1366}$/);

/** A COSE_Key, base64url. */
export const CoseKey = z.string().regex(/^[A-Za-z0-9_-]{32,2048}$/);

/** Where a person's key is: in their computer or telephone, in a thing of its own, or (`demo`) in a file of one machine. */
export const AuthenticatorKind = z.enum(['platform', 'cross-platform', 'demo']);
