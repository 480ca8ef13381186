import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Match } from 'aws-cdk-lib/assertions';
import { lambdaAccess } from '../../lib/lambda-access.ts';
import { statementsOf } from './policies.ts';
import { stateMachines } from './state-machines.ts';
import { resourcesOf, synthesized } from './synthesized.ts';

const { template, resources } = synthesized();
const json = template.toJSON();

describe('state machines', () => {
  const machines = resources('AWS::StepFunctions::StateMachine').map(([, { Properties }]) => Properties);

  it('carry their names, which their executions and permissions are known by', () => {
    assert.deepEqual(
      machines.map(({ StateMachineName }) => StateMachineName).sort(),
      stateMachines.map(({ name }) => name).sort(),
    );
  });

  it('are traced and logged, without execution data, in which task tokens travel', () => {
    template.allResourcesProperties('AWS::StepFunctions::StateMachine', {
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: Match.objectLike({ IncludeExecutionData: false, Level: 'ALL' }),
    });
  });

  it('may invoke exactly the functions that their files name', () => {
    const substituted = machines.flatMap(({ DefinitionSubstitutions }) =>
      Object.values(DefinitionSubstitutions as Record<string, { 'Fn::GetAtt': [string, string] }>),
    );
    const invoked = statementsOf(json).filter(
      ({ Action, role }) => Action.includes('lambda:InvokeFunction') && role.includes('Machine'),
    );

    assert.deepEqual(
      invoked.flatMap(({ Resource }) => Resource).sort(),
      substituted.map((each) => `<${each['Fn::GetAtt'].join('.')}>`).sort(),
    );
  });
});

describe('permissions', () => {
  it('name a resource everywhere but in tracing and log delivery, which have none', () => {
    const unbound = statementsOf(json)
      .filter(({ Resource }) => Resource.includes('*'))
      .flatMap(({ Action }) => Action);
    const named = [...new Set(unbound)].filter((action) => !/^(xray|logs):/.test(action));

    assert.deepEqual(named, []);
  });

  it('use no policy of AWS but the one for the API’s own log', () => {
    const attached = resources('AWS::IAM::Role').flatMap(
      ([, { Properties }]) => (Properties['ManagedPolicyArns'] ?? []) as unknown[],
    );

    assert.equal(attached.length, 1);
    assert.ok(JSON.stringify(attached).includes('AmazonAPIGatewayPushToCloudWatchLogs'));
  });

  it('never name a whole service', () => {
    assert.deepEqual(
      statementsOf(json)
        .flatMap(({ Action }) => Action)
        .filter((action) => /^\*$|:\*$/.test(action)),
      [],
    );
  });
});

describe('functions', () => {
  const functions = resources('AWS::Lambda::Function').map(([, { Properties }]) => Properties);

  it('run on Node 24 on arm64, one for each line of the table of accesses', () => {
    template.allResourcesProperties('AWS::Lambda::Function', { Runtime: 'nodejs24.x', Architectures: ['arm64'] });
    assert.equal(functions.length, Object.keys(lambdaAccess).length);
  });

  it('keep executions free for both kills, command, sign, query, ledger and lease, which so cannot starve one another, and few for courier and watchdog, which so starve none', () => {
    const reserved = functions.flatMap(
      ({ ReservedConcurrentExecutions }) => ReservedConcurrentExecutions ?? [],
    ) as number[];

    assert.equal(reserved.length, 9);
    assert.ok(
      reserved.reduce((sum, each) => sum + each, 0) <= 900,
      'an account has 1,000 by default, and 100 stay unreserved',
    );
  });

  it('are told no secret, and the trust list only by the parameter', () => {
    for (const { Environment } of functions) {
      const { Variables } = Environment as { Variables: Record<string, unknown> };
      assert.deepEqual(Variables['TRUSTED_MANIFEST_KEYS'], { Ref: 'TrustedManifestKeys' });
      for (const name of ['KILL_KEY_SECRET', 'VENUE_CREDENTIALS_SECRET'])
        assert.ok('Ref' in (Variables[name] as object), name);
    }
  });
});

describe('alarms', () => {
  const alarms = resources('AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);

  it('say in a sentence what no longer works, and tell the topic', () => {
    for (const { AlarmDescription, AlarmActions } of alarms) {
      assert.match(String(AlarmDescription), /^[A-Z].{30,}\.$/);
      assert.equal((AlarmActions as unknown[]).length, 1);
    }
  });

  it('watch each machine and each function that no machine calls', () => {
    assert.equal(
      alarms.filter(({ AlarmDescription }) =>
        /^A run of (launch|stop|kill) did not succeed: /.test(String(AlarmDescription)),
      ).length,
      3,
    );
    assert.ok(
      alarms.some(({ AlarmDescription }) => String(AlarmDescription).startsWith('A kill was not acknowledged')),
    );
  });
});

describe('events', () => {
  it('take every change of status of the three machines to follow-execution, and keep what could not be delivered', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: resourcesOf(json, 'AWS::StepFunctions::StateMachine').map(([id]) => ({ Ref: id })) },
      },
      Targets: [Match.objectLike({ DeadLetterConfig: Match.anyValue() })],
    });
  });

  it('tick once a minute, and drop a tick that is late', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(1 minute)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: Match.objectLike({ RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 } }),
    });
  });
});

describe('the registry of strategies', () => {
  it('is JSON text once its references are resolved, with the ids of each flag and client', () => {
    const [registry] = resources('Custom::StrategyRegistry').map(([, { Properties }]) => Properties);
    assert.ok(registry);
    const { 'Fn::Join': joined } = registry['Strategies'] as { 'Fn::Join': [string, unknown[]] };
    const strategies = JSON.parse(joined[1].map((part) => (typeof part === 'string' ? part : 'resolved')).join(''));

    assert.deepEqual(
      strategies.map(({ id }: { id: string }) => id),
      ['btc-momentum', 'eurusd-carry'],
    );
    assert.equal(strategies[0].leaseTtlMs, 5000);
    assert.equal(strategies[0].engines[0].controlUrl, 'resolved/btc-momentum-1');
    assert.deepEqual(Object.keys(strategies[0].flag).sort(), [
      'applicationId',
      'deploymentStrategyId',
      'environmentId',
      'profileId',
    ]);
  });
});

describe('the template', () => {
  it('uses only the functions that the local host resolves', () => {
    const used = new Set(JSON.stringify(json).match(/"(Fn::\w+|Ref)":/g));

    assert.deepEqual([...used].sort(), ['"Fn::GetAtt":', '"Fn::Join":', '"Fn::Sub":', '"Ref":']);
  });
});
