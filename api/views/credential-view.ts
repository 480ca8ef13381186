import { passkeyDocument } from '../../domain/signature/approve-passkey.ts';
import type { Passkey } from '../../domain/signature/credential.ts';

/** An authenticator as people see it; one that waits, with the document that its approval is about. */
export const credentialView = ({ version: _ours, counterOf: _alsoOurs, ...passkey }: Passkey) => {
  const { document, digest } = passkeyDocument(passkey);
  return { ...passkey, ...(passkey.status === 'proposed' && { approval: { document, digest } }) };
};
