import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createTokenVerifier } from '../../../adapters/identity/verify-token.ts';
import { browser, codeAt, codeRequest, logIn, tokenRequest } from '../../local/identity/code-flow.ts';
import { CLIENT_ID, ENGINE, type IdentityServer, startIdentity } from '../../local/identity/identity-server.ts';

describe('verify, on tokens of the local identity provider', () => {
  let server: IdentityServer;

  before(async () => {
    server = await startIdentity();
  });
  after(() => server.end());

  const verifier = (clientId?: string) => createTokenVerifier({ issuer: server.issuer, clientId, now: server.now });

  it('takes those of people', async () => {
    const user = server.user('trader');
    const request = codeRequest(server.issuer);
    const end = await logIn(browser(), request.url, user, codeAt(user, server.now()));
    const { body } = await request.exchange(end);
    const caller = await verifier(CLIENT_ID)(body['access_token']);

    assert.deepEqual([caller.subject, caller.roles], [user.subject, ['execution-trader']]);
    assert.deepEqual([caller.acr, caller.amr], ['urn:cognito:loa:2', ['pwd', 'otp']]);
    assert.equal(caller.authTime, Math.floor(server.now().getTime() / 1000) * 1000);
    await assert.rejects(verifier(CLIENT_ID)(body['id_token']), { name: 'TokenInvalid' });
    await assert.rejects(verifier(CLIENT_ID)(body['refresh_token']), { name: 'TokenInvalid' });
  });

  it('takes those of engines for leases, and not where people are expected', async () => {
    const basic = { authorization: `Basic ${btoa(`${ENGINE.clientId}:${ENGINE.clientSecret}`)}` };
    const { body } = await tokenRequest(
      server.issuer,
      { grant_type: 'client_credentials', scope: 'engine/lease' },
      basic,
    );
    const caller = await verifier()(body['access_token']);

    assert.deepEqual([caller.subject, caller.scopes, caller.roles], [ENGINE.clientId, ['engine/lease'], []]);
    await assert.rejects(verifier(CLIENT_ID)(body['access_token']), { name: 'TokenInvalid' });
  });
});
