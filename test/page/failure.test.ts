import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { REFUSAL_CODES } from '../../domain/refusal.ts';
import { ceremonyFailure } from '../../page/ceremony-failure.ts';
import { broken, elsewhere, refused, unfit } from '../../page/failure.ts';

const fit = { hasAddress: true, isSecure: true, hasWebauthn: true };
const named = (name: string) => Object.assign(new Error('as the browser says'), { name });

describe('refused', () => {
  it('says in sentences what the control plane said: what, why, what next', () => {
    const { happened, why, next } = refused({ code: 'StaleEpoch', detail: 'btc has moved on', next: 'look at it' });

    assert.deepEqual(
      [happened, why, next],
      ['The control plane refused this', 'Btc has moved on. (StaleEpoch)', 'Look at it.'],
    );
    assert.match(refused({ code: 'Fault', detail: 'it failed!' }).next, /command in your terminal again/);
  });

  it('lets people try again where another authenticator or another moment can help, and nowhere else', () => {
    const isFinal = (code: string) => refused({ code, detail: 'no' }).final;
    const again = REFUSAL_CODES.filter((code) => !isFinal(code));

    assert.deepEqual([...again].sort(), [
      ...['Contended', 'CounterRegressed', 'CredentialNotApproved', 'CredentialOfAnother', 'CredentialRevoked'],
      ...['DemoCredentialRefused', 'InvalidRequest', 'SignatureInvalid', 'SignatureMissing', 'StoreUnavailable'],
      ...['UnknownCredential', 'UserNotVerified', 'WrongChallenge'],
    ]);
    assert.equal(isFinal('Fault'), false);
  });
});

describe('unfit', () => {
  it('lets a page be used whose address is whole, in a browser that signs, where browsers sign', () => {
    assert.equal(unfit(fit), undefined);
  });

  it('says which of these is missing, the address first', () => {
    assert.match(
      unfit({ hasAddress: false, isSecure: false, hasWebauthn: false })?.why ?? '',
      /behind the # is missing/,
    );
    assert.match(
      unfit({ ...fit, isSecure: false, hasWebauthn: false })?.why ?? '',
      /neither by https nor at http:\/\/localhost/,
    );
    assert.match(unfit({ ...fit, hasWebauthn: false })?.why ?? '', /WebAuthn/);
  });

  it('names both addresses when the page is open at another one', () => {
    assert.match(elsewhere('http://127.0.0.1:1', 'http://localhost:1').why, /127\.0\.0\.1:1.*localhost:1/);
  });
});

describe('ceremonyFailure', () => {
  it('says in plain words what browsers say by a name, and lets people try again', () => {
    const said = ['NotAllowedError', 'InvalidStateError', 'NotSupportedError', 'ConstraintError', 'SecurityError'].map(
      (name) => ceremonyFailure('enrol', named(name)),
    );

    assert.deepEqual(
      said.map(({ happened }) => happened),
      [
        'Nothing was registered',
        'This authenticator is registered already',
        'This authenticator does not fit',
        'This authenticator does not fit',
        'The browser refused to sign here',
      ],
    );
    assert.match(ceremonyFailure('sign', named('NotAllowedError')).why, /You cancelled.*not an authenticator of yours/);
    assert.ok(said.every(({ final }) => !final));
  });

  it('says what it does not know in the words of the browser', () => {
    assert.match(ceremonyFailure('sign', named('OddError')).why, /OddError: as the browser says/);
    assert.match(ceremonyFailure('enrol', 'odd').why, /odd/);
    assert.match(broken('odd').why + broken(named('x')).why, /oddas the browser says/);
  });
});
