import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Caller } from '../../../domain/approval/caller.ts';
import { StrategyId } from '../../../domain/ids.ts';
import { readApprovedChange } from '../../../domain/launch/read-approved-change.ts';
import { LIMITS_KEY } from '../../../domain/launch/risk-limits.ts';
import { digestOf, digestOfBytes } from '../../../domain/ledger/digest.ts';
import { changeLimits } from '../../../domain/limits/change-limits.ts';
import { refusal } from '../../fakes/refusal.ts';
import { signedBy } from '../../fakes/signed-by.ts';
import { LIMITS, person, risk, STRATEGY, stateOf, trader, type World, world } from '../../fakes/world.ts';

const LOWER = { ...LIMITS, leverageCap: 2, instruments: { 'BTC-PERP': { maxNotional: 50_000, maxPosition: 5 } } };
const fileWith = (limits: object, others: object = {}) =>
  JSON.stringify({ version: 1, strategies: { [STRATEGY]: limits, ...others } });
const MINUTES = 60_000;

let made: World;
let keys = 0;
beforeEach(() => {
  made = world();
});
const portsOf = ({ ports, evidence }: World) => ({ ...ports, riskLimits: evidence });
const stored = () => String(made.evidence.files.get(LIMITS_KEY));
const apply = (file: string, { caller = risk, key = '' }: { caller?: Caller; key?: string } = {}) => {
  keys += 1;
  const request = { file, reason: 'less volatile' };
  return changeLimits({ caller, strategyId: STRATEGY, key: key || `key-${keys}`, request }, portsOf(made));
};
const asked = async (file: string) => {
  const { approval } = await apply(file);
  assert.ok(approval);
  return approval;
};

describe('changeLimits', () => {
  it('asks two people about exactly what changes, then stores the very file that they signed', async () => {
    const before = stored();
    const first = await apply(fileWith(LOWER));
    const question = await made.store.get('APPROVAL', String(first.approval));
    await signedBy(made, String(first.approval), trader, risk);

    const second = await apply(fileWith(LOWER));

    assert.deepEqual(
      [first.status, second.status, stored() === fileWith(LOWER)],
      ['asked', 'applied', true],
      second.summary,
    );
    assert.deepEqual(question?.requiredRoles, ['execution-trader', 'risk-officer']);
    const { document } = question;
    assert.deepEqual(
      [document['oldFile'], document['newFile'], document['oldLimits'], document['newLimits']],
      [digestOfBytes(before), digestOfBytes(fileWith(LOWER)), digestOf(LIMITS), digestOf(LOWER)],
    );
    assert.deepEqual(
      first.differences.slice(1).map(({ path, values }) => [path, values['stored'], values['proposed']]),
      [
        ['instruments.BTC-PERP.maxNotional', 100_000, 50_000],
        ['leverageCap', 3, 2],
      ],
    );
    assert.deepEqual(document['differences'], first.differences);
    assert.match(second.summary, /have the manifest approved for the new limits/);
    assert.deepEqual(made.store.storyOf(STRATEGY), [
      'limits.proposed',
      'approval.requested',
      'approval.signed',
      'approval.signed',
      'limits.applied',
    ]);
  });

  it('has a launch refused from then on, until a manifest approves the new limits', async () => {
    await signedBy(made, await asked(fileWith(LOWER)), trader, risk);
    await apply(fileWith(LOWER));

    await assert.rejects(readApprovedChange(STRATEGY, made.ports), refusal('RiskEnvelopeMismatch'));
  });

  it('stores nothing before both have signed, however often it is asked for', async () => {
    const before = stored();
    const approval = await asked(fileWith(LOWER));
    await signedBy(made, approval, trader);

    const again = await apply(fileWith(LOWER));

    assert.deepEqual([again.status, again.approval, stored()], ['asked', approval, before]);
  });

  it('is signed by two people in the two roles, not by one in both, nor by an SRE', async () => {
    const approval = await asked(fileWith(LOWER));
    await signedBy(made, approval, trader);
    const both = { ...trader, roles: [...trader.roles, ...risk.roles] };

    await assert.rejects(signedBy(made, approval, both), refusal('SamePerson'));
    await assert.rejects(signedBy(made, approval, person('sre', 'sre')), refusal('WrongRole'));
  });

  it('asks anew where another file is stored by now, and leaves that one alone', async () => {
    const approval = await asked(fileWith(LOWER));
    await signedBy(made, approval, trader, risk);
    const between = fileWith({ ...LIMITS, leverageCap: 2.5 });
    made.evidence.files.set(LIMITS_KEY, Buffer.from(between));

    const again = await apply(fileWith(LOWER));

    assert.deepEqual([again.status, again.approval === approval, stored()], ['asked', false, between]);
  });

  it('leaves alone what somebody else stores in the very moment', async () => {
    await signedBy(made, await asked(fileWith(LOWER)), trader, risk);
    made.evidence.replace = async () => undefined;

    await assert.rejects(apply(fileWith(LOWER)), refusal('Contended'));
    assert.equal(made.store.storyOf(STRATEGY).includes('limits.applied'), false);
  });

  it('writes the entry of a change whose request broke off after it was stored, once, whatever the time', async () => {
    await signedBy(made, await asked(fileWith(LOWER)), trader, risk);
    const { commit } = made.store;
    made.store.commit = async () => assert.fail('the function died here');
    await assert.rejects(apply(fileWith(LOWER)));
    made.store.commit = commit;
    made.pass(60 * MINUTES);

    const [again, once] = [await apply(fileWith(LOWER)), await apply(fileWith(LOWER))];

    assert.deepEqual([again.status, once.status], ['applied', 'unchanged']);
    assert.equal(made.store.storyOf(STRATEGY).filter((type) => type === 'limits.applied').length, 1);
  });

  it('records nothing of a file that somebody put there by hand before both had signed', async () => {
    await signedBy(made, await asked(fileWith(LOWER)), trader);
    made.evidence.files.set(LIMITS_KEY, Buffer.from(fileWith(LOWER)));

    assert.equal((await apply(fileWith(LOWER))).status, 'unchanged');
    assert.equal(made.store.storyOf(STRATEGY).includes('limits.applied'), false);
  });

  it('records once what two requests have stored at the same time', async () => {
    await signedBy(made, await asked(fileWith(LOWER)), trader, risk);
    const { replace } = made.evidence;
    made.evidence.replace = async (...given) => {
      const digest = await replace.apply(made.evidence, given);
      made.evidence.replace = replace;
      assert.equal((await apply(fileWith(LOWER))).status, 'applied'); // finds it stored, and not recorded yet
      return digest;
    };

    assert.equal((await apply(fileWith(LOWER))).status, 'applied');
    assert.equal(made.store.storyOf(STRATEGY).filter((type) => type === 'limits.applied').length, 1);
  });

  it('uses signatures once: the same change later is asked anew', async () => {
    const before = stored();
    const approval = await asked(fileWith(LOWER));
    await signedBy(made, approval, trader, risk);
    await apply(fileWith(LOWER));
    made.evidence.files.set(LIMITS_KEY, Buffer.from(before)); // somebody put the old file back

    const again = await apply(fileWith(LOWER));

    assert.deepEqual([again.status, again.approval === approval, stored()], ['asked', false, before]);
  });

  it('asks anew when the time to sign is over, after a decline, and after the strategy has moved on', async () => {
    const approval = await asked(fileWith(LOWER));
    made.pass(30 * MINUTES);
    assert.equal((await apply(fileWith(LOWER))).status, 'asked');
    const question = await made.store.get('APPROVAL', approval);
    assert.deepEqual([question?.status, question?.openedAt], ['open', made.clock.now.toISOString()]);
    assert.ok(question);
    await made.store.put({ kind: 'APPROVAL', record: { ...question, status: 'declined' } });
    assert.equal((await apply(fileWith(LOWER))).status, 'asked');
    await signedBy(made, approval, trader, risk);
    made.store.strategies.set(STRATEGY, { ...stateOf(made), epoch: 1 });

    assert.equal((await apply(fileWith(LOWER))).status, 'asked');
    assert.deepEqual((await made.store.get('APPROVAL', approval))?.signatures, []);
  });

  it('stores nothing upon a signature or a document that somebody edited in the store', async () => {
    const approval = await asked(fileWith(LOWER));
    await signedBy(made, approval, trader, risk);
    const signed = await made.store.get('APPROVAL', approval);
    assert.ok(signed);
    const forged = signed.signatures.map((each) => ({ ...each, actor: `${each.actor}-x` as never }));
    await made.store.put({ kind: 'APPROVAL', record: { ...signed, signatures: forged } });
    await assert.rejects(apply(fileWith(LOWER)), refusal('SignatureInvalid'));

    await made.store.put({ kind: 'APPROVAL', record: signed });
    const record = await made.store.get('LIMITS', STRATEGY);
    const other = fileWith({ ...LOWER, leverageCap: 3 });
    assert.ok(record?.proposed);
    const proposed = { ...record.proposed, newFile: digestOfBytes(other) };
    await made.store.put({ kind: 'LIMITS', record: { ...record, proposed } });

    await assert.rejects(apply(other), refusal('DigestMismatch'));
    assert.equal(stored().includes('50000'), false);
  });

  it('gives the same reply to a repeated request, and takes no other body under its key', async () => {
    const first = await apply(fileWith(LOWER), { key: 'the-key' });
    await signedBy(made, String(first.approval), trader, risk);

    assert.deepEqual(await apply(fileWith(LOWER), { key: 'the-key' }), first);
    await assert.rejects(apply(fileWith(LIMITS), { key: 'the-key' }), refusal('IdempotencyKeyReused'));
  });

  it('says so where nothing would change, and asks nobody', async () => {
    const reply = await apply(JSON.stringify(JSON.parse(fileWith(LIMITS)), null, 2));

    assert.deepEqual([reply.status, reply.differences, made.store.storyOf(STRATEGY)], ['unchanged', [], []]);
  });

  it('refuses a file with a mistake by its line, and stores nothing of it', async () => {
    const broken = fileWith({ ...LOWER, leverageCap: -1 }).replace(/,/g, ',\n');

    await assert.rejects(apply(broken), (error: Error & { facts?: unknown }) => {
      assert.match(error.message, /configs\/risk\/limits.yaml:5:1: strategies.btc-momentum.leverageCap: Too small/);
      assert.deepEqual(Object.keys(Object(error.facts)), ['problems']);
      return refusal('InvalidRequest')(error);
    });
  });

  it('refuses what changes another strategy too, drops the own one, or changes more than anybody reads', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 200 }, (_, at) => [`I${at}`, { maxNotional: 1, maxPosition: 1 }]),
    );
    for (const [file, said] of [
      [fileWith(LOWER, { 'eurusd-carry': LIMITS }), /would change the limits of eurusd-carry too/],
      ['{"version":1,"strategies":{}}', /would have no limits for btc-momentum/],
      [fileWith({ ...LIMITS, instruments: many }), /403 fields would change, 300 at most/],
    ] as const)
      await assert.rejects(apply(file), (error: Error) => said.test(error.message) && refusal('InvalidRequest')(error));
  });

  it('writes the first file, and goes on from a stored one that cannot be read only once it is put right', async () => {
    made.evidence.files.set(LIMITS_KEY, Buffer.from('version: 2'));
    await assert.rejects(apply(fileWith(LOWER)), refusal('RiskEnvelopeMismatch'));
    made.evidence.files.delete(LIMITS_KEY);
    await assert.rejects(apply(fileWith(LOWER, { 'eurusd-carry': LIMITS })), refusal('InvalidRequest'));

    const { differences, approval } = await apply(fileWith(LOWER));
    await signedBy(made, String(approval), trader, risk);

    assert.equal((await apply(fileWith(LOWER))).status, 'applied');
    assert.equal(differences.find(({ path }) => path === 'leverageCap')?.values['stored'], null);
    assert.deepEqual((await made.store.get('LIMITS', STRATEGY))?.applied, 1);
  });

  it('refuses a strategy that nobody knows', async () => {
    const request = { file: fileWith(LOWER), reason: 'x' };
    const strategyId = StrategyId.parse('unknown');

    await assert.rejects(
      changeLimits({ caller: risk, strategyId, key: 'key', request }, portsOf(made)),
      refusal('UnknownStrategy'),
    );
  });
});
