import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { lambdaPlans } from '../../../adapters/aws/lambda-plans.ts';
import { readPlan } from '../../../domain/plan/read-plan.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { STRATEGY, trader, world } from '../../fakes/world.ts';

const payload = (value: unknown) => Object.assign(new TextEncoder().encode(JSON.stringify(value)), {}) as never;

describe('lambdaPlans', () => {
  const lambda = mockClient(LambdaClient);
  const client = new LambdaClient({ region: 'us-east-1' });
  const plans = lambdaPlans(client, 'draft-plan');
  before(() => lambda.reset());
  beforeEach(() => lambda.reset());
  after(() => lambda.restore());

  it('asks the function for the plan alone, and for the plan with every gate', async () => {
    const made = world();
    const plan = await readPlan(STRATEGY, made.ports);
    const question = { strategyId: STRATEGY, requestedBy: trader.subject, request: { environment: 'prod' } };
    const shown = await made.ports.plans.show(question);
    lambda
      .on(InvokeCommand)
      .resolvesOnce({ Payload: payload({ plan }) })
      .resolvesOnce({ Payload: payload(shown) });

    assert.deepEqual([await plans.now(STRATEGY), await plans.show(question)], [{ plan }, shown]);
    assert.deepEqual(
      lambda
        .commandCalls(InvokeCommand)
        .map(({ args: [{ input }] }) => [input.FunctionName, JSON.parse(String(input.Payload))]),
      [
        ['draft-plan', { ask: 'plan', strategyId: STRATEGY }],
        ['draft-plan', { ask: 'gates', ...question }],
      ],
    );
  });

  it('throws the refusal of the function as that refusal', async () => {
    const errorMessage = JSON.stringify({ message: 'there is no strategy', next: 'look', facts: { strategyId: 'x' } });
    lambda
      .on(InvokeCommand)
      .resolves({ FunctionError: 'Unhandled', Payload: payload({ errorType: 'UnknownStrategy', errorMessage }) });

    const refused: unknown = await plans.now(STRATEGY).catch((error: unknown) => error);

    assert.ok(refused instanceof Refusal);
    assert.deepEqual(
      [refused.code, refused.message, refused.next, refused.facts],
      ['UnknownStrategy', 'there is no strategy', 'look', { strategyId: 'x' }],
    );
  });

  it('throws a fault for a function that fails, and takes no answer that is no plan', async () => {
    lambda
      .on(InvokeCommand)
      .resolvesOnce({
        FunctionError: 'Unhandled',
        Payload: payload({ errorType: 'TypeError', errorMessage: 'secret' }),
      })
      .resolvesOnce({ Payload: payload({ plan: { strategy: 'half' } }) });

    await assert.rejects(plans.now(STRATEGY), { name: 'Error', message: /could not be drafted/ });
    await assert.rejects(plans.now(STRATEGY), { name: 'ZodError' });
  });
});
