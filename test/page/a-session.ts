import { digestOf } from '../../domain/ledger/digest.ts';
import { challengeOf } from '../../domain/signature/assertion.ts';
import { type Asked, SigningReply } from '../../page/session-reply.ts';

const document = {
  action: 'confirm kill',
  strategy: 'btc-momentum',
  reason: 'quotes look wrong',
  initiator: 'sub-risk',
  killedAt: '2026-11-24T09:00:00.000Z',
  epoch: 1,
  nonce: '0123456789abcdef',
};

/** A session for a kill confirmation, as the control plane shows it; `asked` changes the question. */
export function aSession(asked: Partial<Asked> = {}, options: object = {}): SigningReply {
  const approval = {
    ...{ kind: 'kill-confirmation', strategyId: 'btc-momentum', runId: 'kill-1', document, status: 'open' },
    digest: digestOf(asked.document ?? document),
    missingRoles: ['risk-officer', 'execution-trader'],
    signatures: [],
    expiresAt: '2027-11-24T09:00:01.000Z',
    ...asked,
  };
  return SigningReply.parse({
    ...{ kind: 'sign', session: 'session-1', subject: 'sub-trader', roles: ['execution-trader'], approval },
    ...{ origin: 'http://localhost:4510', expiresAt: '2026-11-24T09:05:00.000Z' },
    options: {
      ...{ challenge: challengeOf(digestOf(approval.document)), rpId: 'localhost', timeout: 300_000 },
      ...{ allowCredentials: [{ id: 'a-key', type: 'public-key' }], userVerification: 'required', ...options },
    },
  });
}
