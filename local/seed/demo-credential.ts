import { ActorId } from '../../domain/ids.ts';
import type { Passkey } from '../../domain/signature/credential.ts';
import { passkeyEntry } from '../../domain/signature/enrol-passkey.ts';
import type { DemoAuthenticator } from './demo-authenticators.ts';
import type { SeededRecord } from './seed-records.ts';

const HOST = { subject: ActorId.parse('service:local-host') };

/** The authenticator of a demo user as it is enrolled: active from the first start, labelled `demo` wherever it is shown. */
export function demoCredential({ id, subject, publicKey, name }: DemoAuthenticator, now: Date): SeededRecord {
  const proposed: Passkey = {
    type: 'webauthn',
    id,
    subject: ActorId.parse(subject),
    publicKey,
    counter: 0,
    authenticator: 'demo',
    aaguid: '00000000-0000-0000-0000-000000000000',
    status: 'proposed',
    enrolledBy: HOST.subject,
    enrolledAt: now.toISOString(),
    label: `demo authenticator of ${name}`,
    version: 1,
  };
  const record: Passkey = { ...proposed, status: 'active', approvedBy: HOST.subject };
  return {
    kind: 'CREDENTIAL',
    record,
    entries: [passkeyEntry('enrolled', proposed, HOST), passkeyEntry('approved', record, HOST)],
  };
}
