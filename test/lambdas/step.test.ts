import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { Refusal } from '../../domain/refusal.ts';
import { step } from '../../lambdas/step.ts';
import { context, logLines } from './log-lines.ts';

const SECRET = 'AQCEAAAAKgAAAAMAAAAA-secret';
const Asked = z.object({ strategyId: z.string(), taskToken: z.string() });
const event = { strategyId: 'btc-momentum', taskToken: SECRET };
const here = { step: 'open-run', request: 'request-1' };

describe('step', () => {
  const lines = logLines();
  const handlerOf = <Result>(operation: (command: z.infer<typeof Asked>) => Promise<Result>) => step(Asked, operation);

  it('returns what the operation gives, and logs its summary as done', async () => {
    const handler = handlerOf(async ({ strategyId }) => ({ summary: `locked ${strategyId}`, verdict: 'done' }));

    assert.deepEqual(await handler(event, context), { summary: 'locked btc-momentum', verdict: 'done' });
    assert.deepEqual(lines, [{ ...here, outcome: 'done', summary: 'locked btc-momentum' }]);
  });

  for (const result of [undefined, 'text', { verdict: 'done' }, null]) {
    it(`logs ${JSON.stringify(result)}, which has no summary, as done`, async () => {
      await handlerOf(async () => result)(event, context);

      assert.deepEqual(lines, [{ ...here, outcome: 'done' }]);
    });
  }

  it('passes a refusal by its code, with sentence, next step and facts in the message', async () => {
    const refuse = handlerOf(() =>
      Promise.reject(new Refusal('DeploymentLocked', 'it is locked', 'wait for it', { heldBy: 'run-1' })),
    );

    const error: unknown = await refuse(event, context).catch((thrown: unknown) => thrown);

    assert.ok(error instanceof Error && error.name === 'DeploymentLocked');
    const said = { message: 'it is locked', next: 'wait for it', facts: { heldBy: 'run-1' } };
    assert.deepEqual(JSON.parse(error.message), said);
    assert.deepEqual(lines, [{ ...here, outcome: 'refused', error: 'DeploymentLocked', message: 'it is locked' }]);
  });

  it('lets a fault pass as it is', async () => {
    const fault = new RangeError('out of bounds');

    await assert.rejects(handlerOf(() => Promise.reject(fault))(event, context), (error) => error === fault);

    assert.deepEqual(lines, [{ ...here, outcome: 'fault', error: 'RangeError', message: 'out of bounds' }]);
  });

  it('does not act on an event that is not what the step takes', async () => {
    const handler = handlerOf(() => assert.fail('it acted'));

    await assert.rejects(handler({ strategyId: 7, taskToken: SECRET }, context), { name: 'ZodError' });

    assert.equal(lines[0]?.['outcome'], 'fault');
  });

  it('never logs the event or a token, however it ends', async () => {
    const ends = [
      async () => ({ summary: 'done' }),
      () => Promise.reject(new Refusal('NoGo', 'no', 'mend it', { taskToken: SECRET })),
      () => Promise.reject(new Error('broken')),
    ];
    for (const end of ends) await handlerOf<unknown>(end)(event, context).catch(() => undefined);
    await handlerOf(async () => 1)({ taskToken: SECRET }, context).catch(() => undefined);

    assert.equal(lines.length, 4);
    assert.ok(!JSON.stringify(lines).includes('secret'));
  });
});
