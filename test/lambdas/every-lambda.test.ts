import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { globSync } from 'node:fs';
import { after, before, beforeEach, describe, it } from 'node:test';
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetObjectCommand, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { digestOf } from '../../domain/ledger/digest.ts';
import { REFUSAL_CODES } from '../../domain/refusal.ts';
import { type Listening, listen } from '../../engine-sim/program/listen.ts';
import { runbookDigests } from '../../lib/runbook-digests.ts';
import { shippedDashboard } from '../fakes/governance.ts';
import { shippedMatrix } from '../fakes/shipped-matrix.ts';
import { shippedMonitors } from '../fakes/shipped-monitors.ts';
import { context, logLines } from './log-lines.ts';

type Handler = (event: unknown, context: unknown) => Promise<unknown>;

/** What the machines hand to their states, all of it together. */
const state = {
  strategyId: 'btc-momentum',
  runId: 'launch-btc-momentum-20261124-0123456789ab',
  epoch: 0,
  taskToken: 'token',
  gates: [{ gate: 'change approval', summary: 'no manifest', verdict: 'no-go', findings: [] }],
  drainUntil: '2026-11-24T12:00:00.000Z',
  smokeDigest: digestOf('smoke'),
  goNoGoDigest: digestOf('go'),
  killPathDigest: digestOf('kill path'),
  reconciliationDigest: digestOf('books'),
  failure: { Error: 'NoGo', Cause: 'no' },
  venue: 'XSIM',
  openedAt: '2026-11-24T12:00:00.000Z',
  killAt: '2026-11-24T12:05:00.000Z',
};
const executionEvent = {
  detail: { name: 'by-hand', status: 'FAILED', stateMachineArn: 'arn:aws:states:us-east-1:0:stateMachine:stop' },
};
const httpEvent = {
  httpMethod: 'GET',
  path: '/nothing-here',
  headers: { host: 'localhost' },
  multiValueHeaders: { host: ['localhost'] },
  requestContext: { domainName: 'localhost', resourcePath: '/{proxy+}', identity: {} },
  isBase64Encoded: false,
};
const FORGED = 'refused: a change of a strategy is not believed: it is no signed envelope';
const lambdas = globSync('lambdas/*/*.ts').toSorted();

describe('every Lambda, on an account where nothing is registered', () => {
  const lines = logLines();
  const dynamo = mockClient(DynamoDBDocumentClient);
  const s3 = mockClient(S3Client);
  const secrets = mockClient(SecretsManagerClient);
  const kms = mockClient(KMSClient);
  let cloudFormation: Listening;
  let issuer: Listening;
  const answers: unknown[] = [];
  before(async () => {
    issuer = await listen(async () => Response.json({ keys: [{ kty: 'RSA', kid: 'key-1' }] }), 0);
    Object.assign(process.env, {
      AWS_REGION: 'us-east-1',
      CONTROL_TABLE: 'Control',
      LEDGER_TABLE: 'Ledger',
      TOKEN_ISSUER: issuer.url,
    });
    cloudFormation = await listen(async (request) => {
      answers.push(await request.json());
      return new Response();
    }, 0);
  });
  after(async () => {
    await Promise.all([cloudFormation.close(), issuer.close()]);
    for (const mocked of [dynamo, s3, secrets, kms]) mocked.restore();
  });
  beforeEach(() => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const SecretString = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    dynamo.on(GetCommand).resolves({}).on(QueryCommand).resolves({ Items: [] }).on(PutCommand).resolves({});
    s3.on(GetObjectCommand).rejects(new NoSuchKey({ message: 'nothing there', $metadata: {} }));
    kms.on(GetPublicKeyCommand).resolves({ PublicKey: publicKey.export({ type: 'spki', format: 'der' }) });
    secrets.on(GetSecretValueCommand).resolves({ SecretString });
    answers.length = 0;
  });

  const handlerOf = async (path: string): Promise<Handler> => {
    const { handler }: { handler?: Handler } = await import(`../../${path}`);
    return handler ?? assert.fail(`${path} exports no handler`);
  };
  const resourceEvent = (properties: Record<string, unknown>) => ({
    RequestType: 'Create',
    ResponseURL: cloudFormation.url,
    StackId: 'stack',
    RequestId: 'request',
    LogicalResourceId: 'Resource',
    ResourceProperties: properties,
  });

  for (const path of lambdas.filter((each) =>
    /^lambdas\/(launch|stop|kill|recover|resume|validate|review|safe-mode|venue-instability)\//.test(each),
  )) {
    it(`${path} does its one operation, or refuses by a code of the list`, async () => {
      const handler = await handlerOf(path);

      const outcome: unknown = await handler(state, context).catch((error: unknown) => error);

      if (outcome instanceof Error)
        assert.ok((REFUSAL_CODES as readonly string[]).includes(outcome.name), String(outcome));
      else assert.ok(outcome);
      assert.equal(lines.length, 1);
    });
  }

  for (const path of lambdas.filter((each) => each.startsWith('lambdas/api/'))) {
    it(`${path} answers what it does not serve with a problem`, async () => {
      const handler = await handlerOf(path);

      const { statusCode, body } = (await handler(httpEvent, context)) as { statusCode: number; body: string };

      assert.deepEqual([statusCode, (JSON.parse(body) as { code: string }).code], [404, 'NotFound']);
    });
  }

  it('lambdas/operations/ take their own events', async () => {
    const followed = await (await handlerOf('lambdas/operations/follow-execution.ts'))(executionEvent, context);
    const ticked = await (await handlerOf('lambdas/operations/health-tick.ts'))({}, context);
    const signed = await (await handlerOf('lambdas/operations/checkpoint.ts'))({}, context);
    const recorded = await (await handlerOf('lambdas/operations/record-strategy-change.ts'))({ detail: {} }, context);
    const watched = await (await handlerOf('lambdas/operations/watch-ledger.ts'))({ Records: [] }, context);
    await (await handlerOf('lambdas/operations/register-strategies.ts'))(
      resourceEvent({
        Strategies: '[]',
        Calendars: '[]',
        ManifestKeys: '[]',
        Dashboard: JSON.stringify(shippedDashboard().live),
        Communications: JSON.stringify(shippedMatrix()),
        Monitors: JSON.stringify(shippedMonitors()),
        Runbook: JSON.stringify(runbookDigests()),
      }),
      context,
    );
    await (await handlerOf('lambdas/operations/create-signing-key.ts'))(resourceEvent({ SecretArn: 'arn' }), context);

    assert.deepEqual(
      [followed, ticked, signed, recorded, watched].map((reply) => (reply as { summary: string }).summary),
      ['by-hand ended FAILED', '0 machines resumed, 0 refusals sealed', 'nothing to sign', FORGED, '0 inserts'],
    );
    assert.deepEqual(
      answers.map((answer) => (answer as { Status: string }).Status),
      ['SUCCESS', 'SUCCESS'],
    );
  });

  it('lambdas/operations/watchdog.ts takes the watch, and looks each second for as long as it is told', async () => {
    const { summary } = (await (
      await handlerOf('lambdas/operations/watchdog.ts')
    )({ forSeconds: 1 }, context)) as {
      summary: string;
    };

    assert.equal(summary, 'watched as term 1 until its time was over: 1 ticks');
  });

  it('lambdas/operations/draft-plan.ts drafts no plan for a strategy that nobody knows', async () => {
    const handler = await handlerOf('lambdas/operations/draft-plan.ts');

    for (const question of [{ ask: 'plan' }, { ask: 'gates', requestedBy: 'sub-1', request: { environment: 'prod' } }])
      await handler({ ...question, strategyId: 'btc-momentum' }, context).then(
        (reply) => assert.equal((reply as { refused?: { code: string } }).refused?.code, 'UnknownStrategy'),
        (error: Error) => assert.equal(error.name, 'UnknownStrategy'),
      );
  });

  it('lambdas/operations/send-messages.ts sends nothing where no matrix says whereto', async () => {
    const handler = await handlerOf('lambdas/operations/send-messages.ts');

    await assert.rejects(handler({ detail: { ids: ['a-message'] } }, context), /no communication matrix is registered/);
  });

  it('is one of the folders that are tried here', () => {
    assert.ok(lambdas.length > 30);
    assert.deepEqual(
      lambdas.filter(
        (path) =>
          !/^lambdas\/(launch|stop|kill|recover|resume|validate|review|safe-mode|venue-instability|api|operations)\//.test(
            path,
          ),
      ),
      [],
    );
    assert.equal(lambdas.filter((path) => path.includes('/operations/')).length, 10);
  });
});
