import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { changeLog } from '../../../domain/change-log.ts';
import { ActorId } from '../../../domain/ids.ts';
import type { ControlRecords, Ledger, Strategies } from '../../../domain/ports/strategies.ts';
import type { Passkey } from '../../../domain/signature/credential.ts';
import { passkeyOf } from '../../fakes/passkeys.ts';
import { aLog } from './ledger.contract.ts';
import { AT, aStrategy, decided, entry, message } from './samples.ts';

type Store = { strategies: Strategies; records: ControlRecords; ledger: Ledger };

let people = 0;
const somebody = (): Passkey => {
  people += 1;
  return passkeyOf(ActorId.parse(`sub-versions-${people}`));
};
const next = (passkey: Passkey, changes: Partial<Passkey>): Passkey => ({
  ...passkey,
  ...changes,
  version: (passkey.version ?? 0) + 1,
});
const credential = (record: Passkey) => [{ kind: 'CREDENTIAL' as const, record }];

/** What has a version is written only by whoever read the one before, through either way of writing. The fake and the DynamoDB adapters both run it. */
export function versionsContract(name: string, open: () => Store): void {
  const enrolled = async ({ ledger }: Store) => {
    const passkey = somebody();
    const decide = async () => ({
      entries: [entry('credential.enrolled')],
      records: credential(passkey),
      reply: passkey,
    });
    await ledger.commitTo(aLog(), decide, AT);
    return passkey;
  };
  const signed = (store: Store, record: Passkey) => {
    const before = aStrategy();
    const decision = {
      state: before,
      entries: [entry('approval.signed')],
      records: credential(record),
      reply: undefined,
    };
    return store.strategies.commit(before, decision, AT);
  };

  describe(`${name} let nobody undo what they have not seen`, () => {
    it('writes a signature and the counter of its authenticator as one', async () => {
      const store = open();
      const passkey = await enrolled(store);

      assert.ok(await signed(store, next(passkey, { counter: 1 })));
      assert.deepEqual(await store.records.get('CREDENTIAL', passkey.id), next(passkey, { counter: 1 }));
    });

    it('takes a message that is announced again, whatever has become of the first: its deliveries know what was sent', async () => {
      const store = open();
      const [before, told] = [aStrategy(), message(`told-${somebody().id}`)];
      await store.records.put({ ...told, record: { ...told.record, version: 3, settledAt: AT.toISOString() } });

      assert.ok(await store.strategies.commit(before, decided(before, [entry('stop.opened')], [told]), AT));

      assert.deepEqual(await store.records.get('MESSAGE', told.record.id), told.record);
    });

    it('takes one of two signatures of one authenticator that were given at once', async () => {
      const store = open();
      const passkey = await enrolled(store);
      const both = [1, 2].map((counter) => signed(store, next(passkey, { counter })));

      const taken = (await Promise.all(both)).filter((receipts) => receipts !== undefined);

      assert.equal(taken.length, 1);
    });

    it('lets no signature lift a revocation that came meanwhile, and writes nothing of it', async () => {
      const store = open();
      const passkey = await enrolled(store);
      const revoked = next(passkey, { status: 'revoked' });
      const revoke = async () => ({ entries: [entry('credential.revoked')], records: credential(revoked), reply: 0 });
      await store.ledger.commitTo(aLog(), revoke, AT);

      assert.equal(await signed(store, next(passkey, { counter: 1 })), undefined);
      assert.equal((await store.records.get('CREDENTIAL', passkey.id))?.status, 'revoked');
    });

    it('decides afresh when what was decided on has changed meanwhile', async () => {
      const store = open();
      const passkey = await enrolled(store);
      const log = aLog();
      let tries = 0;
      const approve = async () => {
        const stands = (await store.records.get('CREDENTIAL', passkey.id)) as Passkey;
        if (tries === 0) await signed(store, next(passkey, { counter: 1 }));
        tries += 1;
        const records = credential(next(stands, { label: 'approved' }));
        return { entries: [entry('credential.approved')], records, reply: tries };
      };

      const { reply, receipt } = await store.ledger.commitTo(log, approve, AT);

      assert.deepEqual([reply, receipt?.index], [2, 0]);
      const stands = await store.records.get('CREDENTIAL', passkey.id);
      assert.deepEqual([stands?.label, (stands as Passkey).counter], ['approved', 1]);
    });

    it('has two who write to one log at once decide one after the other, the second on what the first has left', async () => {
      const store = open();
      const passkey = await enrolled(store);
      const log = aLog();
      const sign = (label: string) => async () => {
        const stands = (await store.records.get('CREDENTIAL', passkey.id)) as Passkey;
        const record = next(stands, { label: `${stands.label}, ${label}` });
        return { entries: [entry('credential.named', { label })], records: credential(record), reply: label };
      };

      const both = await Promise.all(['one', 'two'].map((label) => store.ledger.commitTo(log, sign(label), AT)));

      assert.deepEqual(both.map(({ receipt }) => receipt?.index).toSorted(), [0, 1]);
      const stands = await store.records.get('CREDENTIAL', passkey.id);
      const order = both.toSorted((left, right) => Number(left.receipt?.index) - Number(right.receipt?.index));
      assert.equal(stands?.label, [passkey.label, ...order.map(({ reply }) => reply)].join(', '));
      assert.equal((stands as Passkey).version, Number(passkey.version) + 2);
    });

    it('has whoever decided on a log decide afresh when it has grown meanwhile, also where no record is shared', async () => {
      const { ledger } = open();
      const log = aLog();
      const seen: number[] = [];
      const size = async () => (await ledger.page(log, { limit: 1, order: 'asc' }))?.size ?? 0;
      const decide = async () => {
        seen.push(await size());
        if (seen.length === 1) await ledger.append(log, [entry('somebody.else')], AT);
        return { entries: [entry('note.made')], reply: seen.length };
      };

      const { reply, receipt } = await ledger.commitTo(log, decide, AT);

      assert.deepEqual([reply, receipt?.index, seen], [2, 1, [0, 1]]);
    });

    it('carries out a command that is sent twice at once only once, and gives both the same answer', async () => {
      const store = open();
      const log = aLog();
      const key = { key: `at-once/${log}`, body: { what: 'the same' } };
      const decide = async () => ({ entries: [entry('note.made')], reply: 'done' });
      const ports = { ...store, now: () => AT };

      const both = await Promise.all([1, 2].map(() => changeLog(log, key, decide, ports)));

      assert.deepEqual(both.map(({ repeated }) => repeated).toSorted(), [false, true]);
      assert.deepEqual([both[0]?.reply, both[0]?.receipt], [both[1]?.reply, both[1]?.receipt]);
      assert.equal((await store.ledger.page(log, { limit: 5, order: 'asc' }))?.size, 1);
    });
  });
}
