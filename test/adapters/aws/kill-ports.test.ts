import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoRecords } from '../../../adapters/aws/dynamo-records.ts';
import { DynamoRefusals } from '../../../adapters/aws/dynamo-refusals.ts';
import { DynamoStrategies } from '../../../adapters/aws/dynamo-strategies.ts';
import { S3KillSpool } from '../../../adapters/aws/s3-kill-spool.ts';
import type { StrategyId } from '../../../domain/ids.ts';
import { executeKill } from '../../../domain/kill/execute-kill.ts';
import { killScope } from '../../../domain/kill/kill-scope.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { type Listening, listen } from '../../../engine-sim/program/listen.ts';
import { createS3 } from '../../../local/aws/s3/s3.ts';
import { createSecretsManager } from '../../../local/aws/secrets-manager/secrets-manager.ts';
import { eventually } from '../../../rehearsal/eventually.ts';
import { REGISTRATION, trader } from '../../fakes/world.ts';
import { type Served, serveLocally } from '../../local/aws/serve-locally.ts';
import { temporaryFolder } from '../../local/aws/temporary-folder.ts';
import { localTables, tables } from './local-tables.ts';
import { pointAt } from './point-at.ts';
import { AT, aStrategy, decided, entry } from './samples.ts';

const SECRET = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:kill-AbCdEf';
const BUCKET = 'evidence-000000000000';
type Answer = (request: Request) => Promise<Response> | Response;

describe('killPorts', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let local: Awaited<ReturnType<typeof localTables>>;
  let secrets: Served;
  let evidence: Served;
  let stubs: Listening[];
  let ports: typeof import('../../../adapters/aws/kill-ports.ts')['killPorts'];
  let publicKey: string;
  /** How the store answers just now: as it is, or broken. */
  let store: Answer;
  const forward: Answer = async (request) =>
    fetch(dynamoUrl, { method: 'POST', headers: request.headers, body: await request.text() });
  let dynamoUrl = '';
  const halts: Request[] = [];
  const started: string[] = [];
  let machinesUp = true;

  before(async () => {
    folder = await temporaryFolder();
    local = await localTables();
    dynamoUrl = process.env['AWS_ENDPOINT_URL_DYNAMODB'] ?? '';
    const manager = createSecretsManager({ dataPath: join(folder.path, 'secrets'), now: () => AT });
    await manager.ensureSecret(SECRET);
    secrets = await serveLocally(manager.handle);
    const s3 = createS3({ dataPath: join(folder.path, 's3') });
    await s3.ensureBucket(BUCKET);
    evidence = await serveLocally(s3.handle, { errors: 'xml' });
    stubs = await Promise.all([
      listen((request) => store(request), 0),
      listen(async (request) => {
        halts.push(request);
        const { epoch } = (await request.json()) as { epoch: number };
        const instanceId = new URL(request.url).pathname.split('/')[1];
        return Response.json({ instanceId, halted: true, epoch, openOrders: 0, haltedAt: AT.toISOString() });
      }, 0),
      listen(async (request) => {
        if (!machinesUp) return new Response('{"__type":"InternalFailure"}', { status: 500 });
        started.push(((await request.json()) as { name: string }).name);
        return Response.json({ executionArn: 'arn:x', startDate: AT.getTime() / 1000 });
      }, 0),
    ]);
    const [proxy, , machines] = stubs;
    pointAt('DYNAMODB', proxy?.url ?? '');
    pointAt('SECRETS_MANAGER', secrets.url);
    pointAt('S3', evidence.url);
    pointAt('SFN', machines?.url ?? '');
    Object.assign(process.env, {
      CONTROL_TABLE: tables.control,
      LEDGER_TABLE: tables.ledger,
      KILL_KEY_SECRET: SECRET,
      EVIDENCE_BUCKET: BUCKET,
      TOKEN_ISSUER: 'http://127.0.0.1:1/issuer',
      KILL_MACHINE_ARN: 'arn:aws:states:us-east-1:000000000000:stateMachine:kill',
    });
    const { signingKeyPorts } = await import('../../../adapters/aws/signing-key-ports.ts');
    publicKey = (await signingKeyPorts.createSigningKey(SECRET)).PublicKey;
    ({ killPorts: ports } = await import('../../../adapters/aws/kill-ports.ts'));
  });
  after(async () => {
    await Promise.all([...stubs, secrets, evidence].map((each) => each.close()));
    await local.close();
    await folder.remove();
  });
  beforeEach(() => {
    store = forward;
    machinesUp = true;
    halts.length = 0;
    started.length = 0;
  });

  /** A registered strategy with two engine instances. */
  async function registered(): Promise<StrategyId> {
    const { id } = aStrategy();
    const engines = REGISTRATION.engines.map((each) => ({
      ...each,
      controlUrl: `${stubs[1]?.url}/${each.instanceId}`,
    }));
    await new DynamoRecords(local.dynamo, tables, () => AT).put({
      kind: 'REGISTRATION',
      record: { ...REGISTRATION, id, engines },
    });
    const state = { ...aStrategy(), id };
    await new DynamoStrategies(local.dynamo, tables).commit(state, decided(state, [entry('strategy.registered')]), AT);
    return id;
  }
  const killed = (strategyId: StrategyId, commandId = 'k') =>
    executeKill({ caller: trader, strategyId, reason: 'loss', commandId }, ports);
  const stateOf = (id: StrategyId) => new DynamoStrategies(local.dynamo, tables).read(id);
  const brokenFor =
    (operation: string): Answer =>
    (request) =>
      request.headers.get('x-amz-target')?.endsWith(operation)
        ? new Response('{"__type":"InternalServerError"}', { status: 500 })
        : forward(request);

  it('latch, halt every engine with the kill key, and start the machine', async () => {
    const id = await registered();

    const { status, latched, runId } = await killed(id);

    assert.deepEqual([status, latched, (await stateOf(id))?.mode], ['halted', true, 'KILLED']);
    assert.deepEqual(started, [runId]);
    assert.deepEqual(
      halts.map((halt) => isSigned(halt, publicKey)),
      [true, true],
    );
  });

  it('latch where transactions fail, by the one update that needs no ledger', async () => {
    const id = await registered();
    store = brokenFor('TransactWriteItems');

    const { latched, status } = await killed(id);

    const state = await stateOf(id);
    assert.deepEqual([latched, status, state?.mode, state?.pendingEntries.length], [true, 'halted', 'KILLED', 1]);
  });

  it('halt from memory when the store does not answer at all, and put the kill into the spool', async () => {
    const id = await registered();
    await ports.registrationOf(id);
    store = () => new Promise<never>(() => undefined);

    const { latched, spooled, status, epoch, runId } = await killed(id);

    store = forward;
    assert.deepEqual([latched, spooled, status, epoch, started], [false, true, 'halted', null, [runId]]);
    assert.equal((await stateOf(id))?.mode, 'OFF');
    assert.equal((await new S3KillSpool(new S3Client({}), BUCKET).read(id, 0))?.runId, runId);
  });

  it('know engines of strategies that they never killed, once they have learned the registry', async () => {
    const ids = [await registered(), await registered()];
    ports.prepare();
    await eventually(
      'what is known with the store away',
      async () => {
        store = brokenFor('GetItem');
        const found = await Promise.allSettled(ids.map((id) => ports.registrationOf(id)));
        store = forward;
        return found.filter(({ status }) => status === 'fulfilled').length;
      },
      (count) => count === ids.length,
    );
  });

  it('stand without Step Functions', async () => {
    const id = await registered();
    machinesUp = false;

    assert.equal((await killed(id)).latched, true);
  });

  it('remember a registration while the registry is away', async () => {
    const id = await registered();
    const unknown = await registered();
    const first = await ports.registrationOf(id);
    store = brokenFor('GetItem');

    assert.deepEqual(await ports.registrationOf(id), first);
    await assert.rejects(ports.registrationOf(unknown));
  });

  it('know all that is registered as the store says, and from memory where it does not say so in time', async () => {
    const ids = [await registered(), await registered()];
    const idsOf = async () => (await ports.registrations()).map(({ id }) => id);
    const told = await idsOf();
    store = () => new Promise<never>(() => undefined);

    const startedAt = performance.now();
    const remembered = await idsOf();

    assert.ok(performance.now() - startedAt < 900);
    store = brokenFor('Query');
    for (const known of [told, remembered, await idsOf()]) assert.ok(ids.every((id) => known.includes(id)));
  });

  it('kill a scope: its latch, its strategies, and its entry in the log of the desk', async () => {
    const id = await registered();

    const reply = await killScope({ caller: trader, scope: 'venue:XSIM', reason: 'loss', commandId: 'k' }, ports);

    const latch = await new DynamoRecords(local.dynamo, tables, () => AT).get('LATCH', 'venue:XSIM');
    assert.deepEqual([reply.latched, latch?.initiatedBy, reply.receipt?.log], [true, 'sub-trader', 'desk']);
    assert.equal((await stateOf(id))?.mode, 'KILLED');
    assert.equal(reply.counts.halted, reply.counts.strategies);
  });

  it('know nothing of a strategy that is not registered', async () => {
    assert.equal(await ports.registrationOf(aStrategy().id), undefined);
  });

  it("count refused attempts for the access log, in nobody's way", async () => {
    const refusal = new Refusal('WrongRole', 'no', 'ask somebody');

    await ports.recordRefusal(trader, { method: 'POST', path: '/v1/strategies/x/kills' }, refusal);

    const due = await new DynamoRefusals(local.dynamo, tables).due(new Date(Date.now() + 1));
    assert.deepEqual(
      due.map(({ actor, code, count, path }) => [actor, code, count, path]),
      [['sub-trader', 'WrongRole', 1, '/v1/strategies/x/kills']],
    );
  });

  it('answer no waiting states and read no histories', () => {
    assert.throws(() => ports.executions.history(), /reads no histories/);
  });
});

/** RFC 9421, as docs/engine-contract.md says an engine checks it. */
function isSigned({ url, headers }: Request, spki: string): boolean {
  const parameters = headers.get('signature-input')?.replace(/^sig=/, '') ?? '';
  assert.match(parameters, /^\("@method" "@target-uri" "content-digest"\);.*keyid="kill"/);
  const base = [
    '"@method": POST',
    `"@target-uri": ${url}`,
    `"content-digest": ${headers.get('content-digest')}`,
    `"@signature-params": ${parameters}`,
  ].join('\n');
  const signature = Buffer.from(/^sig=:(.+):$/.exec(headers.get('signature') ?? '')?.[1] ?? '', 'base64');
  return verify(
    null,
    Buffer.from(base),
    createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' }),
    signature,
  );
}
