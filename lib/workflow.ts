import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { type Alarms, alarmPeriod } from './alarms.ts';
import { aslSteps } from './asl-file.ts';
import { ControlFunction } from './control-function.ts';
import { fromRoot } from './from-root.ts';
import type { LambdaCode } from './lambda-code.ts';

/**
 * The name of a machine in its account and region: set, since CDK needs it (a key policy without it never matches), and since
 * operators and the execution-status rule know a run's machine by it. Hence one control plane in an account and region.
 */
export const machineName = (name: string) => name;

/** `impactOfFailure` completes "a run failed: ..." for on-call; `definition` is the ASL file, `statemachines/<name>.asl.json` by default. */
export type WorkflowProps = {
  readonly name: string;
  readonly impactOfFailure: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly lambdaCode: LambdaCode;
  readonly alarms: Alarms;
  readonly definition?: string;
};

/**
 * A state machine and the Lambdas its ASL file names: one function for each `${Step}`, its ARN substituted, invoke granted,
 * every transition logged without execution data (task tokens travel in it), traced, and an alarm that says what a failure means.
 */
export class Workflow extends Construct {
  readonly machine: StateMachine;
  /** By name, e.g. `lock-deployment`. */
  readonly steps: ReadonlyMap<string, ControlFunction>;

  constructor(scope: Construct, id: string, props: WorkflowProps) {
    super(scope, id);
    const { name, environment, lambdaCode, definition = fromRoot('statemachines', `${name}.asl.json`) } = props;
    const asl = aslSteps(definition);
    const functions = asl.map(({ placeholder, name: step, comment, timeoutSeconds }) => {
      const timeout = Duration.seconds(timeoutSeconds);
      return new ControlFunction(this, placeholder, {
        name: `${name}/${step}`,
        description: comment,
        lambdaCode,
        environment,
        timeout,
      });
    });
    this.steps = new Map(functions.map((fn) => [fn.lambdaName.slice(name.length + 1), fn]));
    this.machine = this.#machine(
      name,
      definition,
      Object.fromEntries(asl.map(({ placeholder }, at) => [placeholder, functions[at]?.functionArn ?? ''])),
    );
    this.#alarm(props);
  }

  #machine(name: string, definition: string, definitionSubstitutions: Record<string, string>): StateMachine {
    const destination = new LogGroup(this, 'Log', {
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const machine = new StateMachine(this, 'Machine', {
      stateMachineName: machineName(name),
      definitionBody: DefinitionBody.fromFile(definition),
      definitionSubstitutions,
      logs: { destination, level: LogLevel.ALL, includeExecutionData: false },
      tracingEnabled: true,
    });
    machine.addToRolePolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: Object.values(definitionSubstitutions) }),
    );
    Validations.of(machine.role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'Vended log delivery and X-Ray have no resource to name; a test keeps * to their actions.',
    });
    return machine;
  }

  #alarm({ name, impactOfFailure, alarms }: WorkflowProps) {
    const period = alarmPeriod;
    const usingMetrics = {
      failed: this.machine.metricFailed({ period }),
      timedOut: this.machine.metricTimedOut({ period }),
      aborted: this.machine.metricAborted({ period }),
    };
    const metric = new MathExpression({
      expression: 'failed + timedOut + aborted',
      usingMetrics,
      period,
      label: `${name} did not succeed`,
    });
    alarms.on(this, 'Failed', { metric, impact: `A run of ${name} did not succeed: ${impactOfFailure}.` });
  }
}
