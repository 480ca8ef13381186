import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { customResources } from '../../../local/template/custom-resources.ts';
import { eventRules } from '../../../local/template/event-rules.ts';
import { lambdaFunctions } from '../../../local/template/lambda-functions.ts';
import { schedules } from '../../../local/template/schedules.ts';
import { stateMachines } from '../../../local/template/state-machines.ts';
import { temporaryFolder } from '../aws/temporary-folder.ts';
import { aFunction, arnOf, writtenStack } from './written-stack.ts';

let temporary: Awaited<ReturnType<typeof temporaryFolder>>;
before(async () => {
  temporary = await temporaryFolder();
});
after(() => temporary.remove());
const stackOf = (
  Resources: Record<string, { Type: string; Properties?: object }>,
  assets: Record<string, string> = {},
) => writtenStack(join(temporary.path, 'out'), { Resources: { Fn: aFunction(), ...Resources }, assets });

const rule = (Properties: object) => ({ Type: 'AWS::Events::Rule', Properties });
const target = { Id: 'T', Arn: arnOf('Fn') };

describe('eventRules', () => {
  const EventPattern = { source: ['control-plane'] };

  it('are the enabled rules with a pattern, on their bus, with the functions they call', () => {
    const Bus = { Type: 'AWS::Events::EventBus', Properties: { Name: 'desk' } };

    const rules = eventRules(
      stackOf({
        Bus,
        Mine: rule({ EventPattern, EventBusName: arnOf('Bus'), Targets: [target] }),
        Usual: rule({ EventPattern }),
        Off: rule({ EventPattern, State: 'DISABLED', Targets: [target] }),
        Clock: rule({ ScheduleExpression: 'rate(1 minute)', Targets: [target] }),
      }),
    );

    assert.deepEqual(rules, [
      { name: 'Mine', bus: 'desk', pattern: EventPattern, targets: [{ id: 'T', functionName: 'Fn' }] },
      { name: 'Usual', bus: 'default', pattern: EventPattern, targets: [] },
    ]);
  });

  it('refuse targets that are no function, and targets that would not get the whole event', () => {
    const refused = (more: object, why: RegExp) =>
      assert.throws(() => eventRules(stackOf({ R: rule({ EventPattern, Targets: [{ ...target, ...more }] }) })), why);

    refused({ Arn: 'arn:aws:sqs:us-east-1:000000000000:queue' }, /rule R: the target arn:aws:sqs\S+ is not a function/);
    for (const more of [{ Input: '{}' }, { InputPath: '$.detail' }, { InputTransformer: {} }])
      refused(more, /^Error: R \(AWS::Events::Rule\) cannot be served: .*is not served: targets get the event/s);
  });
});

describe('schedules', () => {
  it('are the enabled ones of Scheduler and of rules, in their time zone, with their input', () => {
    const own = (more: object) => ({
      Type: 'AWS::Scheduler::Schedule',
      Properties: {
        ScheduleExpression: 'cron(0 9 ? * MON-FRI *)',
        Target: { Arn: arnOf('Fn'), Input: '{"a":1}' },
        ...more,
      },
    });

    const all = schedules(
      stackOf({
        Open: own({ ScheduleExpressionTimezone: 'America/New_York' }),
        Off: own({ State: 'DISABLED' }),
        Tick: rule({ ScheduleExpression: 'rate(1 minute)', Targets: [target] }),
        TickOff: rule({ ScheduleExpression: 'rate(1 minute)', State: 'DISABLED', Targets: [target] }),
        Pattern: rule({ EventPattern: {}, Targets: [target] }),
      }),
    );

    assert.deepEqual(all, [
      {
        name: 'Open',
        expression: 'cron(0 9 ? * MON-FRI *)',
        timeZone: 'America/New_York',
        functionName: 'Fn',
        input: '{"a":1}',
      },
      { name: 'Tick/T', expression: 'rate(1 minute)', timeZone: 'UTC', functionName: 'Fn' },
    ]);
  });

  it('refuse a target that is no function', () => {
    const Targets = [{ Id: 'T', Arn: 'arn:aws:sns:us-east-1:000000000000:topic' }];

    assert.throws(
      () => schedules(stackOf({ R: rule({ ScheduleExpression: 'rate(1 minute)', Targets }) })),
      /R\/T: the target arn:aws:sns\S+ is not a function/,
    );
  });
});

describe('stateMachines', () => {
  const machine = (DefinitionSubstitutions: object) => ({
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: { StateMachineName: 'launch', DefinitionS3Location: { Key: 'launch.json' }, DefinitionSubstitutions },
  });
  const assets = { 'launch.json': '{"Resource":"${OpenRun}","Say":"${Words}","JSONata":"{% $x %}"}' };

  it('have the ARNs of their functions put into their definition, which stays JSON whatever is put in', () => {
    const [first] = stateMachines(stackOf({ M: machine({ OpenRun: arnOf('Fn'), Words: 'a "quote"\n' }) }, assets));

    assert.deepEqual(JSON.parse(first?.definition ?? ''), {
      Resource: 'arn:aws:lambda:us-east-1:000000000000:function:Fn',
      Say: 'a "quote"\n',
      JSONata: '{% $x %}',
    });
    assert.deepEqual(
      [first?.name, first?.arn],
      ['launch', 'arn:aws:states:us-east-1:000000000000:stateMachine:launch'],
    );
  });

  it('refuse a placeholder that nothing fills, and a definition that is not there', () => {
    assert.throws(
      () => stateMachines(stackOf({ M: machine({ Words: '' }) }, assets)),
      /state machine launch: nothing in the template fills \$\{OpenRun\}/,
    );
    assert.throws(() => stateMachines(stackOf({ M: machine({}) })), /the asset launch\.json is not in/);
  });
});

describe('lambdaFunctions', () => {
  it('have what Lambda would start them with, and its own defaults', () => {
    const Variables = { TABLE: { Ref: 'Table' } };
    const [usual, own] = lambdaFunctions(
      stackOf(
        {
          Own: aFunction({ Timeout: 10, MemorySize: 512, ReservedConcurrentExecutions: 5, Environment: { Variables } }),
          Table: { Type: 'AWS::DynamoDB::GlobalTable' },
          Config: {
            Type: 'AWS::Lambda::EventInvokeConfig',
            Properties: { FunctionName: { Ref: 'Own' }, MaximumRetryAttempts: 0 },
          },
        },
        { 'code.zip': '' },
      ),
    );

    const { timeoutMs, memoryMb, environment, asyncRetries, reserved } = own ?? {};
    assert.deepEqual(
      { timeoutMs, memoryMb, environment, asyncRetries, reserved },
      { timeoutMs: 10_000, memoryMb: 512, environment: { TABLE: 'Table' }, asyncRetries: 0, reserved: 5 },
    );
    assert.deepEqual(
      [usual?.timeoutMs, usual?.memoryMb, usual?.asyncRetries, usual?.reserved],
      [3000, 128, 2, undefined],
    );
    assert.equal(usual?.codePath, join(temporary.path, 'out', 'asset.code.zip'));
  });
});

describe('customResources', () => {
  it('are made by a function', () => {
    const Own = { Type: 'Custom::Own', Properties: { ServiceToken: 'arn:aws:sns:us-east-1:000000000000:topic' } };

    assert.throws(() => customResources(stackOf({ Own })), /Own \(Custom::Own\): arn:aws:sns\S+ is not a function/);
  });
});
