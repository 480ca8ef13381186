import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Refusal } from '../../../domain/refusal.ts';
import type { DeviceKey } from '../../../domain/signature/credential.ts';
import {
  approveDevice,
  DeviceProposal,
  enrolDevice,
  revokeDevice,
} from '../../../domain/signature/device-enrolment.ts';
import { device } from '../../fakes/device.ts';
import { START as now, risk, trader } from '../../fakes/world.ts';

const laptop = device('laptop', { status: 'proposed', approvedBy: undefined });
const other = device('laptop');
const proposal = DeviceProposal.parse({ name: 'laptop', publicKey: laptop.key.publicKey });
const decided = (decision: ReturnType<typeof enrolDevice>) => {
  if (decision instanceof Refusal) throw decision;
  return decision;
};
const enrolled = decided(enrolDevice(undefined, proposal, { caller: trader, now })).reply;
const active = decided(approveDevice(enrolled, 'laptop', { caller: risk })).reply;
const revoked = decided(revokeDevice(active, 'laptop', { caller: risk, now })).reply;

describe('enrolDevice', () => {
  it('makes a key that kills nothing yet, for the person who enrols it with the roles they have, and says so in the desk’s log', () => {
    const { entries, records } = decided(enrolDevice(undefined, proposal, { caller: trader, now }));

    const { status, subject, roles, id } = enrolled;
    assert.deepEqual([id, status, subject, roles], ['device:laptop', 'proposed', 'sub-trader', ['execution-trader']]);
    assert.deepEqual(records, [{ kind: 'CREDENTIAL', record: enrolled }]);
    const [{ type, actor, payload } = {}] = entries;
    assert.deepEqual([type, actor, payload?.['publicKey']], ['credential.enrolled', 'sub-trader', proposal.publicKey]);
  });

  it('makes a button nobody’s, without any role', () => {
    const button = DeviceProposal.parse({ ...proposal, button: true, label: 'on the wall' });

    const { subject, roles, label } = decided(enrolDevice(undefined, button, { caller: trader, now })).reply;

    assert.deepEqual([subject, roles, label], [undefined, [], 'on the wall']);
  });

  it('changes nothing when the same person sends the same key again', () => {
    assert.deepEqual(enrolDevice(active, proposal, { caller: trader, now }), { entries: [], reply: active });
  });

  for (const [what, caller, publicKey] of [
    ['another person', risk, proposal.publicKey],
    ['another key', trader, other.key.publicKey],
  ] as const) {
    it(`refuses a name that is taken to ${what}`, () => {
      const refusal = enrolDevice(enrolled, { ...proposal, publicKey }, { caller, now });

      assert.ok(refusal instanceof Refusal && refusal.code === 'DeviceNameTaken');
    });
  }

  it('takes Ed25519 keys and proper names only', () => {
    for (const wrong of [{ publicKey: 'x' }, { publicKey: 'A'.repeat(60) }, { name: 'Laptop' }, { name: '' }])
      assert.equal(DeviceProposal.safeParse({ ...proposal, ...wrong }).success, false, JSON.stringify(wrong));
  });
});

describe('approveDevice', () => {
  it('lets another person make the key active', () => {
    assert.deepEqual([active.status, active.approvedBy, active.version], ['active', 'sub-risk', 2]);
    assert.deepEqual(decided(approveDevice(active, 'laptop', { caller: risk })).entries, []);
  });

  for (const [code, known, caller] of [
    ['UnknownDevice', undefined, risk],
    ['SamePerson', enrolled, trader],
    ['DeviceRevoked', revoked, risk],
  ] as const) {
    it(`refuses with ${code}`, () => {
      const refusal = approveDevice(known, 'laptop', { caller });

      assert.ok(refusal instanceof Refusal && refusal.code === code);
    });
  }
});

describe('revokeDevice', () => {
  it('takes the key out of use for good, once', () => {
    assert.deepEqual([revoked.status, revoked.revokedBy, revoked.version], ['revoked', 'sub-risk', 3]);
    assert.deepEqual(decided(revokeDevice(revoked, 'laptop', { caller: trader, now })).entries, []);
  });

  it('takes a key that was enrolled before versions were counted', () => {
    const { version: _none, ...old } = enrolled;

    assert.equal(decided(revokeDevice(old satisfies DeviceKey, 'laptop', { caller: trader, now })).reply.version, 2);
  });

  it('refuses what is not there', () => {
    const refusal = revokeDevice(undefined, 'laptop', { caller: risk, now });

    assert.ok(refusal instanceof Refusal && refusal.code === 'UnknownDevice');
  });
});
