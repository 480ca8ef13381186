import { type Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { LambdaCode } from './lambda-code.ts';

/** `name` is the path below lambdas/ without `.ts`; memory in MB; reserved = executions kept free for this function, and its limit. */
export type ControlFunctionProps = {
  readonly name: string;
  readonly description: string;
  readonly lambdaCode: LambdaCode;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeout: Duration;
  readonly memory?: number;
  readonly reserved?: number;
};

/** One Lambda of the product. Its role may write its own log and trace, and nothing else until lib/function-access.ts grants it. */
export class ControlFunction extends LambdaFunction {
  /** The path below lambdas/ without `.ts`: the key of its grants. */
  readonly lambdaName: string;
  /** Where its grants are, and so where their wildcards are acknowledged. */
  readonly ownRole: Role;

  constructor(scope: Construct, id: string, props: ControlFunctionProps) {
    const { name, description, lambdaCode, environment, timeout, memory = 512, reserved } = props;
    const logGroup = new LogGroup(scope, `${id}Log`, {
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(scope, `${id}Role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `lambdas/${name}.ts`,
    });
    super(scope, id, {
      description: description.slice(0, 256),
      code: lambdaCode(name),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      tracing: Tracing.ACTIVE,
      environment: { ...environment },
      timeout,
      memorySize: memory,
      reservedConcurrentExecutions: reserved,
      role,
      logGroup,
    });
    this.lambdaName = name;
    this.ownRole = role;
    role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        'X-Ray segments have no resource to name (xray:PutTraceSegments, xray:PutTelemetryRecords); a test keeps * to those two actions.',
    });
  }
}
