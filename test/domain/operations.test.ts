import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ExecutionStatusChange, followExecution, successorOf } from '../../domain/follow-execution.ts';
import { askForTwoConfirmations } from '../../domain/launch/ask-for-two-confirmations.ts';
import { failureOf } from '../../domain/launch/failure-of.ts';
import { registerStrategies } from '../../domain/register-strategies.ts';
import { Registrations } from '../../domain/registration.ts';
import { LIMITS, launching, REGISTRATION, RUN, START, STRATEGY, stateOf, world } from '../fakes/world.ts';

const ended = (name: string, status: string, machine = 'launch', input?: unknown) =>
  ExecutionStatusChange.parse({
    detail: {
      name,
      status,
      stateMachineArn: `arn:aws:states:us-east-1:0:stateMachine:${machine}`,
      stopDate: START.getTime(),
      input: input === undefined ? null : JSON.stringify(input),
    },
  });

describe('followExecution', () => {
  it('closes the run of an execution that succeeded', async () => {
    const made = await launching();

    await followExecution(ended(RUN, 'SUCCEEDED'), made.ports);

    const run = await made.store.get('RUN', RUN);
    assert.deepEqual([run?.status, run?.endedAt], ['SUCCEEDED', START.toISOString()]);
  });

  it('withdraws a launch that an operator aborted by hand, once', async () => {
    const made = await launching();

    await followExecution(ended(RUN, 'ABORTED'), made.ports);
    const { summary } = await followExecution(ended(RUN, 'ABORTED'), made.ports);

    assert.deepEqual(
      [stateOf(made).mode, made.flags.live, made.store.storyOf(STRATEGY).slice(1)],
      ['OFF', false, ['launch.disabled', 'launch.disarmed', 'launch.withdrawn']],
    );
    assert.match(summary, /holds nothing/);
  });

  it('lets nobody sign for a launch whose machine was aborted', async () => {
    const made = await launching();
    await askForTwoConfirmations({ ...made.step, taskToken: 'a-token' }, made.ports);

    await followExecution(ended(RUN, 'ABORTED'), made.ports);

    assert.deepEqual(
      (await made.store.list('APPROVAL')).map(({ status }) => status),
      ['void'],
    );
  });

  it('starts a kill again that did not end well, under the next name and for the same run', async () => {
    const made = world();

    await followExecution(
      ended('kill-btc-momentum-20261124-0123456789ab', 'ABORTED', 'kill', { strategyId: STRATEGY }),
      made.ports,
    );

    assert.deepEqual(
      made.executions.started.map(({ name, input }) => [name, input['runId']]),
      [['kill-btc-momentum-20261124-0123456789ab-2', 'kill-btc-momentum-20261124-0123456789ab']],
    );
    assert.equal(successorOf('kill-btc-momentum-20261124-0123456789ab-2'), 'kill-btc-momentum-20261124-0123456789ab-3');
  });

  it('cannot go on with a kill that names no strategy', async () => {
    assert.match(
      (await followExecution(ended('by-hand', 'FAILED', 'kill'), world().ports)).summary,
      /names no strategy/,
    );
  });

  it('only notes the start of an execution, and the end of a stop', async () => {
    const { ports } = world();

    assert.match((await followExecution(ended('x', 'RUNNING', 'stop'), ports)).summary, /started/);
    assert.match((await followExecution(ended('x', 'FAILED', 'stop'), ports)).summary, /ended FAILED/);
  });
});

describe('failureOf', () => {
  it('reads a refusal, a fault, plain text, and nothing', () => {
    const refusal = JSON.stringify({ errorMessage: JSON.stringify({ message: 'no', next: 'mend', facts: {} }) });

    assert.deepEqual(
      [refusal, JSON.stringify({ errorMessage: 'TypeError: x' }), 'text', null].map(
        (Cause) => failureOf({ Error: 'X', Cause }).message,
      ),
      ['no', 'TypeError: x', 'text', 'no cause was given'],
    );
    assert.equal(failureOf({}).code, 'Unknown');
  });
});

describe('registerStrategies', () => {
  it('adds a new strategy OFF, and leaves a known one as it is until its configuration changes', async () => {
    const made = world();
    made.store.strategies.clear();
    made.store.records.clear();

    await registerStrategies([REGISTRATION], 'v1', made.ports);
    await registerStrategies([REGISTRATION], 'v2', made.ports);
    await registerStrategies([{ ...REGISTRATION, desk: 'other' }], 'v3', made.ports);

    assert.deepEqual(made.store.storyOf(STRATEGY), ['strategy.registered', 'flag.disabled', 'strategy.registered']);
    assert.equal((await made.store.get('REGISTRATION', STRATEGY))?.desk, 'other');
  });

  it('writes live.enabled as false once, so that readers can tell off from unreadable', async () => {
    const made = world();
    made.store.strategies.clear();
    made.store.records.clear();

    await registerStrategies([REGISTRATION], 'v1', made.ports);
    await registerStrategies([REGISTRATION], 'v2', made.ports);

    assert.deepEqual([made.flags.live, made.flags.version], [false, 1]);
    assert.equal((await made.store.read(STRATEGY))?.flagVersion, 1);
  });

  it('reads the list as CloudFormation hands it over, and refuses what is not one', () => {
    assert.deepEqual(Registrations.parse(JSON.stringify([REGISTRATION])), [REGISTRATION]);
    assert.equal(Registrations.safeParse(JSON.stringify([LIMITS])).success, false);
  });
});
