import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Caller } from '../../../domain/approval/caller.ts';
import { changeLog } from '../../../domain/change-log.ts';
import { LogId } from '../../../domain/ledger/ledger-entry.ts';
import type { LogDecision } from '../../../domain/ports/strategies.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { approvePasskey, passkeyDocument } from '../../../domain/signature/approve-passkey.ts';
import type { Assertion } from '../../../domain/signature/assertion.ts';
import type { Credential, Passkey } from '../../../domain/signature/credential.ts';
import { enrolPasskey, requireNewKey } from '../../../domain/signature/enrol-passkey.ts';
import { revokePasskey } from '../../../domain/signature/revoke-passkey.ts';
import { aChallenge, registrationOf } from '../../fakes/new-key.ts';
import { assertionOf, authenticatorOf, passkeyOf } from '../../fakes/passkeys.ts';
import { person, risk, START, trader, type World, world } from '../../fakes/world.ts';

const DESK = LogId.parse('desk');
const sre = person('sre', 'sre');
const { id, publicKey } = authenticatorOf('new');
const key = { id, publicKey, counter: 0, aaguid: 'none' };
const response = registrationOf('new', { challenge: aChallenge });
const enrol = { caller: trader, challenge: aChallenge, response, label: 'office key' };
const codeOf = (outcome: unknown) => (outcome instanceof Refusal ? outcome.code : 'done');
const replyOf = (outcome: LogDecision<Passkey> | Refusal): Passkey =>
  outcome instanceof Refusal ? assert.fail(outcome.message) : outcome.reply;
const device = { type: 'device-key', id: 'device:button', status: 'active' } as Credential;

let made: World;
beforeEach(() => {
  made = world();
});

describe('an authenticator that is enrolled', () => {
  it('is taken down as proposed, with its public key and kind, and without its label in the ledger', () => {
    const decision = enrolPasskey(undefined, key, enrol, START);

    const { status, authenticator, label, version } = replyOf(decision);
    assert.deepEqual([status, authenticator, label, version], ['proposed', 'platform', 'office key', 1]);
    assert.doesNotMatch(JSON.stringify((decision as LogDecision).entries), /office key/);
    const carried = { ...enrol, response: { ...response, authenticatorAttachment: 'cross-platform' } };
    assert.equal(replyOf(enrolPasskey(undefined, key, carried, START)).authenticator, 'cross-platform');
  });

  it('is refused when it is known, was made for something else, or is no key that can be judged', async () => {
    const { webauthn } = made.ports;
    webauthn.keys.set(id, key);
    assert.deepEqual(await requireNewKey(enrol, webauthn), key);

    webauthn.keys.set(id, { ...key, publicKey: 'AAAA' });
    const other = registrationOf('new', { challenge: 'AAAA' });
    const elsewhere = registrationOf('new', { challenge: aChallenge, origin: 'https://x.example.com' });
    const judged = [
      await requireNewKey(enrol, webauthn),
      await requireNewKey({ ...enrol, response: other }, webauthn),
      await requireNewKey({ ...enrol, response: elsewhere }, webauthn),
      enrolPasskey(passkeyOf(trader.subject), key, enrol, START),
    ];
    webauthn.registered = async () => undefined;
    const broken = { ...response, response: { ...response.response, clientDataJSON: 'AAAA' } };
    judged.push(await requireNewKey({ ...enrol, response: broken }, webauthn));

    assert.deepEqual(judged.map(codeOf), [
      ...['SignatureInvalid', 'WrongChallenge', 'WrongOrigin', 'InvalidRequest', 'SignatureInvalid'],
    ]);
  });
});

describe('approvePasskey', () => {
  const proposed = (): Passkey => replyOf(enrolPasskey(undefined, key, enrol, START));
  const approve = (known: Credential | undefined, caller: Caller, assertion?: Assertion) =>
    approvePasskey(known, { caller, assertion, now: START }, made.ports);
  const signed = (caller: Caller) => assertionOf(made, caller, passkeyDocument(proposed()).digest);

  it('lets a risk officer or an SRE approve, who is not the owner', async () => {
    for (const caller of [risk, sre]) {
      const { status, approvedBy, version } = replyOf(await approve(proposed(), caller));
      assert.deepEqual([status, approvedBy, version], ['active', caller.subject, 2]);
    }
    const { version: _old, ...unversioned } = proposed();
    assert.equal(replyOf(await approve(unversioned, risk)).version, 2);
  });

  it('lets the owner approve by a signature of another one of theirs, and writes its counter with it', async () => {
    const decision = await approve(proposed(), trader, signed(trader));

    assert.equal(replyOf(decision).status, 'active');
    const { records = [], entries } = decision as LogDecision;
    assert.deepEqual(
      records.map(({ record }) => record.id),
      [id, authenticatorOf(trader.subject).id],
    );
    assert.equal(entries[0]?.proofs?.length, 1);
  });

  it('refuses everybody else, and everything else', async () => {
    const old = { ...trader, authTime: 0 };

    assert.deepEqual(
      [
        await approve(undefined, risk),
        await approve(device, risk),
        await approve({ ...proposed(), status: 'revoked' }, risk),
        await approve(proposed(), trader),
        await approve(proposed(), person('other', 'execution-trader')),
        await approve(proposed(), { ...risk, authTime: 0 }),
        await approve(proposed(), old, signed(old)),
        await approve(proposed(), person('q', 'quant'), signed(person('q', 'quant'))),
        await approve(proposed(), trader, assertionOf(made, trader, passkeyDocument(passkeyOf(trader.subject)).digest)),
      ].map(codeOf),
      [
        ...[
          'UnknownCredential',
          'DeviceKeyRefused',
          'CredentialRevoked',
          'SamePerson',
          'WrongRole',
          'SecondFactorStale',
        ],
        ...['SecondFactorStale', 'WrongRole', 'WrongChallenge'],
      ],
    );
  });

  it('takes the signature of another person who approves, too', async () => {
    assert.equal(codeOf(await approve(proposed(), risk, signed(risk))), 'done');
  });

  it('changes nothing the second time', async () => {
    assert.deepEqual(((await approve({ ...proposed(), status: 'active' }, risk)) as LogDecision).entries, []);
  });
});

describe('revokePasskey', () => {
  const revoke = (known: Credential | undefined, caller: Caller) => revokePasskey(known, { caller, now: START });
  const own = passkeyOf(trader.subject);

  it('lets its owner, a risk officer or an SRE take it out of use, with any login', () => {
    for (const caller of [trader, risk, sre])
      assert.deepEqual(replyOf(revoke(own, { ...caller, authTime: undefined })).revokedBy, caller.subject);
    const { version: _old, ...unversioned } = own;
    assert.equal(replyOf(revoke(unversioned, trader)).version, 2);
  });

  it('refuses anybody else, and says so of what is not there or is a device', () => {
    const other = person('other', 'execution-trader');

    assert.deepEqual([revoke(own, other), revoke(undefined, risk), revoke(device, risk)].map(codeOf), [
      ...['WrongRole', 'UnknownCredential', 'DeviceKeyRefused'],
    ]);
  });

  it('changes nothing the second time', () => {
    assert.deepEqual((revoke({ ...own, status: 'revoked' }, trader) as LogDecision).entries, []);
  });
});

describe('changeLog', () => {
  const command = { key: 'sub-1/key-0001', body: { revoke: id } };
  const note = async () => ({ entries: [{ type: 'note.made', actor: trader.subject, payload: {} }], reply: 'noted' });

  it('writes once, and gives the same reply and receipt to a repeat', async () => {
    const first = await changeLog(DESK, command, note, made.ports);
    const again = await changeLog(DESK, command, note, made.ports);

    assert.deepEqual([first.repeated, again.repeated, again.reply], [false, true, 'noted']);
    assert.deepEqual(again.receipt, first.receipt);
    assert.deepEqual(made.store.storyOf('desk'), ['note.made']);
  });

  it('refuses the key for another command, and passes on what the rule refuses', async () => {
    await changeLog(DESK, command, note, made.ports);

    await assert.rejects(changeLog(DESK, { ...command, body: 'another' }, note, made.ports), {
      name: 'IdempotencyKeyReused',
    });
    const refused = async () => new Refusal('WrongRole', 'no', 'ask somebody');
    await assert.rejects(changeLog(DESK, { ...command, key: 'other' }, refused, made.ports), { name: 'WrongRole' });
  });

  it('writes nothing when there is nothing to write', async () => {
    const nothing = async () => ({ entries: [], reply: 'as it was' });

    assert.equal((await changeLog(DESK, command, nothing, made.ports)).reply, 'as it was');
    assert.equal(await made.store.get('COMMAND', command.key), undefined);
  });
});
