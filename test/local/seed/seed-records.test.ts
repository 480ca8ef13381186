import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { DynamoLedger } from '../../../adapters/aws/dynamo-ledger.ts';
import { DynamoRecords } from '../../../adapters/aws/dynamo-records.ts';
import { coseVerifier } from '../../../domain/crypto/cose-key.ts';
import { sha256 } from '../../../domain/crypto/sha256.ts';
import { softwareAssertion } from '../../../domain/crypto/software-authenticator.ts';
import { StrategyId } from '../../../domain/ids.ts';
import { LedgerEntry, LogId } from '../../../domain/ledger/ledger-entry.ts';
import { itemClient } from '../../../local/dynamodb/item-client.ts';
import { demoAuthenticators } from '../../../local/seed/demo-authenticators.ts';
import { demoCredential } from '../../../local/seed/demo-credential.ts';
import { demoTickets } from '../../../local/seed/demo-tickets.ts';
import { seedRecords } from '../../../local/seed/seed-records.ts';
import { localTables, tables } from '../../adapters/aws/local-tables.ts';
import { temporaryFolder } from '../aws/temporary-folder.ts';

const NOW = new Date('2026-11-24T12:00:00.000Z');
const DESK = LogId.parse('desk');
const users = ['trader', 'risk'].map((name) => ({
  name,
  subject: `sub-${name}`,
  password: 'p',
  totpSecret: 't',
  groups: [],
}));

describe('seedRecords', () => {
  let local: Awaited<ReturnType<typeof localTables>>;
  let dataPath: string;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  before(async () => {
    local = await localTables();
    folder = await temporaryFolder();
    dataPath = folder.path;
  });
  after(async () => {
    await local.close();
    await folder.remove();
  });

  const seed = async (now = NOW) => {
    const url = String(process.env['AWS_ENDPOINT_URL_DYNAMODB']);
    const items = itemClient({ url, region: 'us-east-1', accessKeyId: String(process.env['AWS_ACCESS_KEY_ID']) });
    const all = (await demoAuthenticators(dataPath, users)).map((each) => demoCredential(each, now));
    await seedRecords(all, { items, tables }, now);
    return all;
  };
  const records = () => new DynamoRecords(local.dynamo, tables, () => NOW);
  const ledger = () => new DynamoLedger(local.dynamo, tables, async () => undefined);
  const story = async () => {
    const page = await ledger().page(DESK, { limit: 100, order: 'asc' });
    return page?.entries.map(({ entry }) => LedgerEntry.parse(entry)) ?? [];
  };

  it('enrols each demo user as the API would have: records, entries, and a log that goes on', async () => {
    const seeded = await seed();

    for (const { record } of seeded) assert.deepEqual(await records().get('CREDENTIAL', record.id), record);
    assert.deepEqual(
      (await records().list('CREDENTIAL')).map(({ id }) => id).sort(),
      seeded.map(({ record }) => record.id).sort(),
    );
    assert.deepEqual(
      (await story()).map(({ type, payload }) => [type, payload['owner'], payload['authenticator'], payload['status']]),
      users.flatMap(({ subject }) => [
        ['credential.enrolled', subject, 'demo', 'proposed'],
        ['credential.approved', subject, 'demo', 'active'],
      ]),
    );
    const [receipt] = await ledger().append(DESK, [{ type: 'note.made', actor: 'sub-1' as never, payload: {} }], NOW);
    assert.equal(receipt?.index, 4);
  });

  it('changes nothing at a later start, and adds whoever is new to what is there', async () => {
    await seed(new Date(NOW.getTime() + 1000));
    assert.equal((await story()).length, 5);

    users.push({ name: 'sre', subject: 'sub-sre', password: 'p', totpSecret: 't', groups: [] });
    await seed(new Date(NOW.getTime() + 2000));
    assert.deepEqual(
      (await story()).slice(5).map(({ seq, payload }) => [seq, payload['owner']]),
      [
        [5, 'sub-sre'],
        [6, 'sub-sre'],
      ],
    );
  });

  it('keeps the keys in files that only their owner reads, and they are the keys that are enrolled', async () => {
    const [authenticator] = await demoAuthenticators(dataPath, users);
    assert.ok(authenticator);
    const { mode } = await stat(join(dataPath, 'authenticators', 'trader.json'));

    const ceremony = { challenge: 'AAAA', rpId: 'localhost', origin: 'http://localhost:1', counter: 1 };
    const { response } = softwareAssertion(authenticator, { type: 'webauthn.get', ...ceremony });
    const bytes = (text: string) => Buffer.from(text, 'base64url');
    const message = Buffer.concat([bytes(response.authenticatorData), sha256(bytes(response.clientDataJSON))]);

    assert.equal(mode & 0o777, 0o600);
    assert.equal(coseVerifier(bytes(authenticator.publicKey))?.(message, bytes(response.signature)), true);
  });

  it('opens and approves the ticket of each demo strategy, by two people who launch nothing', async () => {
    const url = String(process.env['AWS_ENDPOINT_URL_DYNAMODB']);
    const items = itemClient({ url, region: 'us-east-1', accessKeyId: String(process.env['AWS_ACCESS_KEY_ID']) });
    const all = ['quant', 'sre'].map((name) => ({
      name,
      subject: `sub-${name}`,
      password: 'p',
      totpSecret: 't',
      groups: [],
    }));
    const before = (await story()).length;

    const seeded = demoTickets([StrategyId.parse('btc-momentum')], all, NOW);
    for (const _start of ['first', 'second']) await seedRecords(seeded, { items, tables }, NOW);

    const ticket = await records().get('TICKET', 'DEMO-btc-momentum');
    assert.deepEqual(ticket, seeded[0]?.record);
    assert.deepEqual(
      (await records().list('TICKET')).map(({ id }) => id),
      ['DEMO-btc-momentum'],
    );
    assert.deepEqual(
      (await story()).slice(before).map(({ type, actor }) => [type, actor]),
      [
        ['ticket.opened', 'sub-quant'],
        ['ticket.approved', 'sub-sre'],
      ],
    );
  });

  it('says what the store refused', async () => {
    const items = itemClient({ url: String(process.env['AWS_ENDPOINT_URL_DYNAMODB']), region: 'x', accessKeyId: 'x' });

    await assert.rejects(items.get('no-such-table', { pk: 'x' }), /GetItem at .* failed: .*ResourceNotFound/);
  });
});
