import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { checkpointIn } from '../../domain/ledger/checkpoint.ts';
import { provesConsistency, provesInclusion } from '../../domain/ledger/merkle-proofs.ts';
import { noteKeyIn, signedNoteIn, signersOf } from '../../domain/ledger/signed-note.ts';
import { eventually } from '../../rehearsal/eventually.ts';
import { hostToCrash } from './host-to-crash.ts';
import { answer, killed, launchPath, startLaunch } from './launching.ts';
import { BTC, EUR, type OnALocalHost, onALocalHost, settledOn } from './on-a-local-host.ts';
import { twoKeysIn } from './two-keys.ts';

const Receipt = z.object({ log: z.string(), index: z.int(), leafHash: z.string() });
const Proof = z.object({ checkpoint: z.string(), size: z.int(), hashes: z.array(z.string()), leafHash: z.string() });
const Keys = z.object({ keys: z.array(z.string()) });
const List = z.object({ checkpoints: z.array(z.object({ size: z.int(), note: z.string() })) });

const keysOf = async (here: OnALocalHost) =>
  Keys.parse(await here.look('/v1/checkpoint-keys')).keys.map((vkey) => noteKeyIn(vkey) ?? assert.fail(vkey));

/** The checkpoint that a note holds, as somebody reads it who trusts these keys only. */
async function trusted(here: OnALocalHost, note: string) {
  const opened = signedNoteIn(note) ?? assert.fail('no signed note');
  assert.notDeepEqual(signersOf(opened, await keysOf(here)), [], 'nobody we trust has signed this');
  return checkpointIn(opened.text) ?? assert.fail('no checkpoint');
}

/** Waits for the proof of a receipt: the checkpoint is made right after the commit, by a function of its own. */
async function proved(here: OnALocalHost, receipt: z.infer<typeof Receipt>) {
  const { body } = await eventually(
    `a checkpoint over ${receipt.log}/${receipt.index}`,
    () => here.ask(`/v1/ledger/${receipt.log}/proofs/${receipt.index}`, { as: 'auditor', method: 'GET' }),
    ({ status }) => status === 200,
  );
  const proof = Proof.parse(body);
  const checkpoint = await trusted(here, proof.checkpoint);
  assert.equal(checkpoint.size, proof.size);
  assert.ok(
    provesInclusion({ index: receipt.index, size: proof.size, leaf: receipt.leafHash }, proof.hashes, checkpoint.root),
  );
  return checkpoint;
}

const receiptIn = (body: Record<string, unknown>) => Receipt.parse(body['receipt']);

describe('the ledger is signed', () => {
  const here = onALocalHost();
  let earlier: { size: number; root: string };

  it('right after a launch was asked for: its receipt is proved by a checkpoint', async () => {
    const { body } = await here.ask(launchPath(BTC), { as: 'trader', body: { environment: 'prod' } });
    const receipt = receiptIn(body);

    earlier = await proved(here, receipt);

    const key = (await keysOf(here))[0];
    assert.ok(earlier.size > receipt.index);
    assert.ok((earlier as { origin?: string }).origin?.startsWith(`${key?.name}/`));
  });

  it('right after somebody signed: the signature is proved as well', async () => {
    const [{ entry } = assert.fail('no launch')] = (await here.log(BTC)).entries.filter(
      (each) => each.entry['type'] === 'launch.requested',
    );
    const plan = await here.question(String(entry['run']), 'launch-confirmation');

    const { body } = await answer(here, plan, 'trader');

    await proved(here, receiptIn(body));
  });

  it('right after a kill, and goes on from what was signed before', async () => {
    const runId = await killed(here, BTC, 'sre', 'prove it');
    const entries = (await here.log(BTC)).entries.filter(({ entry }) => entry['run'] === runId);
    const [{ index, leafHash } = assert.fail('no kill')] = entries;

    const now = await proved(here, { log: BTC, index, leafHash });

    const { hashes } = z
      .looseObject({ hashes: z.array(z.string()) })
      .parse(await here.look(`/v1/ledger/${BTC}/consistency/${earlier.size}`));
    const later = await trusted(
      here,
      Proof.pick({ checkpoint: true }).parse(await here.look(`/v1/ledger/${BTC}/consistency/${earlier.size}`))
        .checkpoint,
    );
    assert.ok(later.size >= now.size);
    assert.ok(provesConsistency(earlier, later, hashes));
  });

  it('in the evidence bucket too: the same checkpoints, and every entry under them', async () => {
    const { bucket } = JSON.parse(await readFile(join(here.host.data, 'local.json'), 'utf8'));
    const folder = join(here.host.data, 's3', bucket, 'ledger', BTC);
    const { checkpoints } = List.parse(await here.look(`/v1/ledger/${BTC}/checkpoints`));

    const notes = await Promise.all(
      checkpoints.map(({ size }) => readFile(join(folder, 'checkpoints', String(size).padStart(16, '0')), 'utf8')),
    );

    assert.deepEqual(
      notes,
      checkpoints.map(({ note }) => note),
    );
    const lines = new Set<string>();
    for (const name of await readdir(join(folder, 'entries')))
      for (const line of (await readFile(join(folder, 'entries', name), 'utf8')).trimEnd().split('\n')) lines.add(line);
    assert.ok(lines.size >= (checkpoints.at(-1)?.size ?? 0));
  });

  it('never over an entry that somebody edited in the store: the alarm rings instead', async () => {
    const local = JSON.parse(await readFile(join(here.host.data, 'local.json'), 'utf8'));
    const { accessKeyId, secretAccessKey, region, endpoints, tables } = local;
    const client = new DynamoDBClient({
      region,
      endpoint: endpoints.dynamodb,
      credentials: { accessKeyId, secretAccessKey },
    });
    const { size, entries } = await here.log(EUR);
    const last = entries.at(-1) ?? assert.fail('an empty log');
    await DynamoDBDocumentClient.from(client).send(
      new UpdateCommand({
        TableName: tables.ledger,
        Key: { pk: EUR, sk: String(size - 1).padStart(16, '0') },
        UpdateExpression: 'SET #entry = :forged',
        ExpressionAttributeNames: { '#entry': 'entry' },
        ExpressionAttributeValues: { ':forged': JSON.stringify({ ...last.entry, actor: 'somebody else' }) },
      }),
    );
    client.destroy();

    await killed(here, EUR, 'sre', 'is it signed?');

    const told = await eventually(
      'ledger.tampered',
      () => readFile(join(here.host.data, 'events', 'events.jsonl'), 'utf8'),
      (events) => events.includes('ledger.tampered'),
    );
    assert.match(told, /do not make up the log's head/);
    assert.match(await readFile(join(here.host.data, 'lambda.log'), 'utf8'), /LedgerTampered/);
    const { checkpoints } = List.parse(await here.look(`/v1/ledger/${EUR}/checkpoints`));
    assert.ok(checkpoints.every((each) => each.size < size));
  });
});

describe('the key that signs', () => {
  const crashed = hostToCrash();
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tradepulse-two-keys-'));
    await twoKeysIn(folder);
  });
  after(async () => {
    await (await crashed).end();
    await rm(folder, { recursive: true, force: true });
  });

  it('hands over to the next one in the log itself: both sign that checkpoint, and then the new one alone', async () => {
    const host = await crashed;
    const before = await settledOn(await host.start());
    const first = await startLaunch(before, BTC);
    await eventually(
      'a checkpoint',
      () => before.ask(`/v1/ledger/${BTC}/proofs/0`, { as: 'auditor', method: 'GET' }),
      ({ status }) => status === 200,
    );
    const [old = assert.fail('no key')] = await keysOf(before);
    await host.crash();

    const after_ = await settledOn(await host.start('--template', folder));
    await killed(after_, BTC, 'risk', `instead of ${first}`);
    const keys = await keysOf(after_);

    const signersBySize = async () => {
      const { checkpoints } = List.parse(await after_.look(`/v1/ledger/${BTC}/checkpoints?limit=500`));
      return checkpoints.map(({ note }) =>
        signersOf(signedNoteIn(note) ?? assert.fail(note), keys).map(({ vkey }) => vkey),
      );
    };
    const signers = await eventually('both keys', signersBySize, (all) => all.some(({ length }) => length === 2));

    const next = keys[1]?.vkey;
    assert.equal(keys[0]?.vkey, old.vkey);
    assert.deepEqual(
      signers.find(({ length }) => length === 2),
      [old.vkey, next],
    );
    const rotated = (await after_.log(BTC)).entries.filter(({ entry }) => entry['type'] === 'checkpoint-key.rotated');
    assert.deepEqual(
      rotated.map(({ entry }) => entry['payload']),
      [{ from: old.vkey, to: next }],
    );

    await killed(after_, BTC, 'sre', 'once more');
    const alone = await eventually('the new key alone', signersBySize, (all) => all.at(-1)?.length === 1);
    assert.deepEqual(alone.at(-1), [next]);
  });
});
