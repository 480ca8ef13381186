import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import * as z from 'zod';
import { type Listening, listen } from '../../engine-sim/program/listen.ts';
import { customResource } from '../../lambdas/custom-resource.ts';

const Properties = z.object({ SecretArn: z.string() });

describe('customResource', () => {
  let cloudFormation: Listening;
  let status = 200;
  const answers: { method: string; body: Record<string, unknown> }[] = [];
  before(async () => {
    cloudFormation = await listen(async (request) => {
      answers.push({ method: request.method, body: (await request.json()) as Record<string, unknown> });
      return new Response(null, { status });
    }, 0);
  });
  after(() => cloudFormation.close());
  beforeEach(() => {
    answers.length = 0;
    status = 200;
  });

  const event = (more: Record<string, unknown> = {}) => ({
    RequestType: 'Create',
    ResponseURL: cloudFormation.url,
    StackId: 'stack',
    RequestId: 'request',
    LogicalResourceId: 'KillKey',
    ResourceProperties: { SecretArn: 'arn' },
    ...more,
  });
  const works = customResource(Properties, async ({ SecretArn }, id) => ({ PublicKey: `${SecretArn} ${id}` }));

  it('answers with what the operation made, under the name of the resource', async () => {
    await works(event());

    const names = { StackId: 'stack', RequestId: 'request', LogicalResourceId: 'KillKey' };
    const body = { Status: 'SUCCESS', Data: { PublicKey: 'arn request' }, ...names, PhysicalResourceId: 'KillKey' };
    assert.deepEqual(answers, [{ method: 'PUT', body }]);
  });

  it('keeps the physical id on an update, so that nothing is replaced', async () => {
    await works(event({ RequestType: 'Update', PhysicalResourceId: 'made-before' }));

    assert.equal(answers[0]?.body['PhysicalResourceId'], 'made-before');
  });

  it('deletes nothing', async () => {
    await customResource(Properties, () => assert.fail('it acted'))(event({ RequestType: 'Delete' }));

    assert.deepEqual([answers[0]?.body['Status'], answers[0]?.body['Data']], ['SUCCESS', undefined]);
  });

  for (const [what, thrown, reason] of [
    ['an error', new RangeError('x'.repeat(2_000)), `RangeError: ${'x'.repeat(988)}`],
    ['anything else', 'a string', 'a string'],
  ] as const) {
    it(`says FAILED and why when the operation threw ${what}`, async () => {
      await customResource(Properties, () => Promise.reject(thrown as Error))(event());

      assert.deepEqual([answers[0]?.body['Status'], answers[0]?.body['Reason']], ['FAILED', reason]);
    });
  }

  it('says FAILED for properties that it cannot read', async () => {
    await works(event({ ResourceProperties: {} }));

    assert.match(String(answers[0]?.body['Reason']), /SecretArn/);
  });

  it('is a fault when CloudFormation does not take the answer', async () => {
    status = 403;

    await assert.rejects(works(event()), /status 403/);
  });
});
