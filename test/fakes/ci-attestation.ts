import type { KeyObject } from 'node:crypto';
import type { Digest } from '../../domain/ids.ts';
import { CI_PREDICATE_TYPE } from '../../domain/launch/ci-attestation.ts';
import { COMMIT, signedStatement } from './signed-manifest.ts';

export const CHECKS = ['build', 'heavy-math', 'cross-architecture'] as const;

export const ciStatement = (artifact: Digest, changes: { commit?: string; conclusion?: string; at?: string } = {}) => ({
  _type: 'https://in-toto.io/Statement/v1',
  subject: [
    { name: 'btc-momentum', digest: { sha256: artifact.slice('sha256:'.length) } },
    { name: 'source', digest: { gitCommit: changes.commit ?? COMMIT } },
  ],
  predicateType: CI_PREDICATE_TYPE,
  predicate: {
    issuedAt: '2026-11-24T10:00:00Z',
    checks: CHECKS.map((name) => ({
      name,
      conclusion: changes.conclusion ?? 'success',
      completedAt: changes.at ?? '2026-11-24T09:00:00Z',
    })),
  },
});

/** A really signed CI attestation of the commit, in which every check succeeded. */
export const ciAttestation = (artifact: Digest, key: KeyObject): string => signedStatement(ciStatement(artifact), key);
