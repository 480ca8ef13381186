import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ActorId } from '../../../domain/ids.ts';
import type { ControlRecords, Ledger, Strategies } from '../../../domain/ports/strategies.ts';
import type { Passkey } from '../../../domain/signature/credential.ts';
import { passkeyOf } from '../../fakes/passkeys.ts';
import { aLog } from './ledger.contract.ts';
import { AT, aStrategy, entry } from './samples.ts';

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
  });
}
