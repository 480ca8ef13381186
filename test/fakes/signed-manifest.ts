import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { Digest } from '../../domain/ids.ts';
import { MANIFEST_PAYLOAD_TYPE, MANIFEST_PREDICATE_TYPE } from '../../domain/launch/change-manifest.ts';
import { preAuthenticationEncoding } from '../../domain/launch/dsse.ts';
import { TrustedKey } from '../../domain/manifest/trusted-key.ts';

export type Approved = {
  strategyId: string;
  artifact: Digest;
  parameters: Digest;
  limits: Digest;
  environment?: string;
  ticket?: string;
  commit?: string;
  issuedAt?: string;
  expiresAt?: string;
};

export const COMMIT = 'c0ffee0123456789abcdef0123456789abcdef01';

/** A new Ed25519 key and its public half as the trusted-keys parameter holds it. */
export function newKey(): { key: KeyObject; trusted: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { key: privateKey, trusted: publicKey.export({ format: 'der', type: 'spki' }).toString('base64') };
}

/** A key as the deployed configuration holds it. */
export const trustedKey = (publicKey: string, changes: Record<string, unknown> = {}): TrustedKey =>
  TrustedKey.parse({ id: 'quant-2026', publicKey, holder: 'sub-quant', from: '2026-01-01T00:00:00.000Z', ...changes });

/** A really signed manifest, as text. Without a key it is an envelope with no signatures. */
export const signedManifest = (approved: Approved, ...keys: KeyObject[]): string =>
  signedStatement(manifestOf(approved), ...keys);

export function manifestOf(approved: Approved) {
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: approved.strategyId, digest: { sha256: approved.artifact.slice('sha256:'.length) } }],
    predicateType: MANIFEST_PREDICATE_TYPE,
    predicate: {
      environment: approved.environment ?? 'prod',
      ticket: approved.ticket ?? 'TP-1',
      ciRun: 'ci-1',
      commit: approved.commit ?? COMMIT,
      parametersDigest: approved.parameters,
      limitsDigest: approved.limits,
      issuedAt: approved.issuedAt ?? '2026-11-01T00:00:00Z',
      expiresAt: approved.expiresAt ?? '2026-12-31T00:00:00Z',
    },
  };
}

/** Any in-toto statement in a DSSE envelope, signed by each of the keys. */
export function signedStatement(statement: unknown, ...keys: KeyObject[]): string {
  const payload = Buffer.from(JSON.stringify(statement));
  const message = preAuthenticationEncoding(MANIFEST_PAYLOAD_TYPE, payload);
  const signatures = keys.map((key, index) => ({
    keyid: index === 0 ? 'demo' : `demo-${index + 1}`,
    sig: sign(null, message, key).toString('base64'),
  }));
  return JSON.stringify({ payloadType: MANIFEST_PAYLOAD_TYPE, payload: payload.toString('base64'), signatures });
}
