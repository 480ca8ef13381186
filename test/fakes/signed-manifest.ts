import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { Digest } from '../../domain/ids.ts';
import { MANIFEST_PAYLOAD_TYPE, MANIFEST_PREDICATE_TYPE } from '../../domain/launch/change-manifest.ts';
import { preAuthenticationEncoding } from '../../domain/launch/dsse.ts';

export type Approved = {
  strategyId: string;
  artifact: Digest;
  parameters: Digest;
  limits: Digest;
  environment?: string;
  ticket?: string;
  expiresAt?: string;
};

/** A new Ed25519 key and its public half as the trusted-keys parameter holds it. */
export function newKey(): { key: KeyObject; trusted: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { key: privateKey, trusted: publicKey.export({ format: 'der', type: 'spki' }).toString('base64') };
}

/** A really signed manifest, as text. Without a key it is an envelope with no signatures. */
export function signedManifest(approved: Approved, key?: KeyObject): string {
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: approved.strategyId, digest: { sha256: approved.artifact.slice('sha256:'.length) } }],
    predicateType: MANIFEST_PREDICATE_TYPE,
    predicate: {
      environment: approved.environment ?? 'prod',
      ticket: approved.ticket ?? 'TP-1',
      ciRun: 'ci-1',
      commit: 'abc',
      parametersDigest: approved.parameters,
      limitsDigest: approved.limits,
      issuedAt: '2026-11-01T00:00:00Z',
      expiresAt: approved.expiresAt ?? '2026-12-31T00:00:00Z',
    },
  };
  const payload = Buffer.from(JSON.stringify(statement));
  const signatures = key
    ? [
        {
          keyid: 'demo',
          sig: sign(null, preAuthenticationEncoding(MANIFEST_PAYLOAD_TYPE, payload), key).toString('base64'),
        },
      ]
    : [];
  return JSON.stringify({ payloadType: MANIFEST_PAYLOAD_TYPE, payload: payload.toString('base64'), signatures });
}
