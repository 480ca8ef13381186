import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { readSignature } from '../../../adapters/http-signature/read-signature.ts';
import { decideApproval } from '../../../domain/approval/decide-approval.ts';
import { approvalId } from '../../../domain/approval/open-approval.ts';
import { askForConfirmer } from '../../../domain/kill/ask-for-confirmer.ts';
import { deviceKill, proveDevice } from '../../../domain/kill/device-kill.ts';
import { recordKill } from '../../../domain/kill/record-kill.ts';
import type { LedgerEntry } from '../../../domain/ledger/ledger-entry.ts';
import { LogId } from '../../../domain/ledger/ledger-entry.ts';
import { confirmationOf } from '../../../domain/review/audit/judge-kill.ts';
import { deviceEntry } from '../../../domain/signature/device-enrolment.ts';
import { DEVICE_KILLS, device } from '../../fakes/device.ts';
import { killPorts } from '../../fakes/kill-ports.ts';
import { signedAnswer } from '../../fakes/passkeys.ts';
import { REGISTRATION, risk, STRATEGY, stateOf, trader, world } from '../../fakes/world.ts';
import { certified, confirmed, killed } from '../kill/kill-at-its-end.ts';
import { enrolled, storedIn } from './a-review.ts';
import { type Auditable, auditable, checksOf, failuresOf, isType, onlyWrong, withEntries } from './audited.ts';

const withPayload = (entry: LedgerEntry, payload: object): LedgerEntry => ({
  ...entry,
  payload: { ...entry.payload, ...payload },
});

describe('the audit of a kill', () => {
  let kill: Auditable;
  before(async () => {
    const { made, step } = await certified();
    await enrolled(made, trader, risk);
    kill = await auditable(made, (await made.store.get('RUN', step.runId)) ?? assert.fail());
  });

  it('verifies the signatures of its initiator and of the confirmer, and that they are two people', () => {
    assert.deepEqual(failuresOf(kill), []);
    assert.deepEqual(
      checksOf(kill).map(({ item, by }) => [item, by]),
      [
        ['5.1.2', 'sub-trader'],
        ['5.1.2', 'sub-risk'],
        ['5.1.2', 'sub-risk'],
      ],
    );
  });

  it('finds a kill that nobody has confirmed', () =>
    assert.match(
      failuresOf(
        withEntries(
          kill,
          isType('kill.confirmed', () => undefined),
        ),
      ).join(),
      /missing: the kill .*: its confirmer: nobody has confirmed it/,
    ));

  it('finds a confirmation whose signature is not there: then only one person has signed', () => {
    const without = (role: string) =>
      failuresOf(
        withEntries(
          kill,
          isType('approval.signed', (entry) => (entry.payload['role'] === role ? undefined : entry)),
        ),
      );

    assert.match(
      without('risk-officer').join(),
      /missing: .*risk-officer: nobody has signed.*failed: .*sub-risk has not signed/,
    );
    assert.match(
      without('execution-trader').join(),
      /missing: .*execution-trader: nobody has signed.*only one person has signed/,
    );
  });

  for (const [what, payload, expected] of [
    ['names the same person twice', { confirmer: 'sub-trader' }, /initiator and confirmer are the same person/],
    [
      'names another initiator',
      { initiator: 'sub-mallory' },
      /names sub-mallory as initiator, and sub-trader has killed/,
    ],
    ['names nobody', { confirmer: null }, /the entry names no confirmer/],
  ] as const)
    it(`finds a confirmation that ${what}`, () =>
      onlyWrong(
        withEntries(
          kill,
          isType('kill.confirmed', (entry) => withPayload(entry, payload)),
        ),
        expected,
      ));

  it('finds a kill whose entry names no run', () => {
    const nameless = withEntries(
      kill,
      isType('kill.requested', ({ run: _run, ...entry }) => entry),
    );

    assert.match(failuresOf(nameless).join(), /missing: both signatures of a kill: the entry of the kill names no run/);
  });

  it('goes by trader and risk officer where nobody knows who was asked', () => {
    const unasked = withEntries(
      kill,
      isType('approval.requested', () => undefined),
    );

    assert.equal(failuresOf(unasked).filter((each) => each.endsWith('nobody was asked')).length, 2);
  });

  it('says how long the confirmation took, and what was agreed', async () => {
    const made = world();
    const step = await killed(made);
    const [requested] = storedIn(made);
    assert.ok(requested);
    assert.equal(confirmationOf(requested, storedIn(made)), undefined);
    made.pass(16 * 60_000);
    await confirmed(made, step);

    const { minutes, tookMs } = confirmationOf(requested, storedIn(made)) ?? assert.fail();

    assert.deepEqual([minutes, tookMs], [15, 16 * 60_000]);
    const bare = storedIn(made).map((stored) => ({ ...stored, entry: { ...stored.entry, payload: {} } }));
    const [kill, confirmation] = [bare[0] ?? assert.fail(), confirmationOf(bare[0] ?? assert.fail(), bare)];
    assert.deepEqual(
      [confirmation?.minutes, confirmation?.tookMs, kill.entry.type],
      [15, 16 * 60_000, 'kill.requested'],
    );
  });
});

/** A kill that the trader's laptop has signed, which the log `desk` knows, confirmed by the risk officer alone. */
async function killedByDevice() {
  const made = world();
  const laptop = device('laptop');
  const ports = {
    ...made.ports,
    ...killPorts(made),
    registrations: async () => [REGISTRATION],
    deviceKeyOf: async () => laptop.key,
    takeNonce: async () => true,
  };
  const body = { strategy: STRATEGY, reason: 'loss' };
  const text = JSON.stringify(body);
  const headers = new Headers(await laptop.signed(text));
  const request = { method: 'POST', targetUris: [DEVICE_KILLS], body: new TextEncoder().encode(text), headers };
  await deviceKill(await proveDevice(await readSignature(request), ports), { body, commandId: 'k' }, ports);
  const runId = stateOf(made).latch?.runId ?? assert.fail();
  const step = { strategyId: STRATEGY, runId, epoch: 1 };
  await askForConfirmer({ ...step, taskToken: 'a-token' }, made.ports);
  const asked = (await made.store.get('APPROVAL', approvalId(step, 'kill-confirmation'))) ?? assert.fail();
  await decideApproval(asked.id, signedAnswer(made, risk, asked), 'risk', made.ports);
  await recordKill(step, made.ports);
  const history = [deviceEntry('enrolled', laptop.key, trader), deviceEntry('approved', laptop.key, risk)];
  await made.store.append(LogId.parse('desk'), history, new Date('2026-11-01T09:00:00.000Z'));
  await enrolled(made, risk);
  return auditable(made, (await made.store.get('RUN', runId)) ?? assert.fail());
}

describe('the audit of a kill by a device', () => {
  it('verifies the signature of the device and that of the confirmer', async () => {
    const kill = await killedByDevice();

    assert.deepEqual(failuresOf(kill), []);
    assert.deepEqual(
      checksOf(kill).map(({ by }) => by),
      ['sub-trader', 'sub-risk', 'sub-risk'],
    );
  });

  it('finds a device that nobody had enrolled', async () => {
    const kill = await killedByDevice();
    const keys = new Map([...kill.trust.keys].filter(([id]) => !id.startsWith('device:')));

    const wrong = failuresOf({ ...kill, trust: { ...kill.trust, keys } });

    assert.match(wrong.join(), /initiator's device: is by a key that was never enrolled.*only one person has signed/);
  });
});
