import { Duration, Validations } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  AuthorizationType,
  CognitoUserPoolsAuthorizer,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  type Method,
  type MethodDeploymentOptions,
  MethodLoggingLevel,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { UserPool } from 'aws-cdk-lib/aws-cognito';
import { CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { accessLog } from './access-log.ts';
import type { ControlFunction } from './control-function.ts';
import { type OperatorRoute, operatorRoutes } from './operator-routes.ts';
import { problemResponses } from './problem-responses.ts';
import { webAcl } from './web-acl.ts';

type OperatorApiProps = {
  readonly pool: UserPool;
  readonly functions: Readonly<Record<OperatorRoute['lambda'], ControlFunction>>;
};

/** What is logged and measured of each method; never bodies (`dataTrace`), which hold tokens and reasons. */
const observed: MethodDeploymentOptions = {
  loggingLevel: MethodLoggingLevel.ERROR,
  metricsEnabled: true,
  dataTraceEnabled: false,
};

/** Settings of a method replace the stage's: each route carries all of its own. A route without a throttle has only the account's limit. */
const methodOptions = (routes: readonly OperatorRoute[]): Record<string, MethodDeploymentOptions> =>
  Object.fromEntries(
    routes.map(({ path, method, throttle }) => [
      `${path}/${method}`,
      { ...observed, ...(throttle && { throttlingRateLimit: throttle.rate, throttlingBurstLimit: throttle.burst }) },
    ]),
  );

/** The REST API of people: routes from `operatorRoutes`, tokens of the user pool with the route's scope, behind the firewall. */
export class OperatorApi extends Construct {
  readonly api: RestApi;

  constructor(scope: Construct, id: string, { pool, functions }: OperatorApiProps) {
    super(scope, id);
    this.api = new RestApi(this, 'Api', {
      description: 'TradePulse Control Plane: operators',
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: true,
      deployOptions: {
        stageName: 'live',
        tracingEnabled: true,
        accessLogDestination: new LogGroupLogDestination(accessLog(this)),
        accessLogFormat: AccessLogFormat.jsonWithStandardFields(),
        ...observed,
        methodOptions: methodOptions(operatorRoutes),
      },
    });
    problemResponses(this.api);
    this.#addRoutes(pool, functions);
    new CfnWebACLAssociation(this, 'Firewall', {
      webAclArn: webAcl(this, 'Acl').attrArn,
      resourceArn: this.api.deploymentStage.stageArn,
    });
    this.#acknowledge();
  }

  #addRoutes(pool: UserPool, functions: OperatorApiProps['functions']) {
    const authorizer = new CognitoUserPoolsAuthorizer(this, 'Tokens', {
      cognitoUserPools: [pool],
      resultsCacheTtl: Duration.seconds(0),
    });
    for (const { method, path, lambda, scope, openBecause = '' } of operatorRoutes) {
      // one permission for a function: one for each method would fill the stack, which holds 500 resources
      const integration = new LambdaIntegration(functions[lambda], { scopePermissionToMethod: false });
      const resource = this.api.root.resourceForPath(path);
      if (scope)
        resource.addMethod(method, integration, {
          authorizer,
          authorizationType: AuthorizationType.COGNITO,
          authorizationScopes: [`control-plane/${scope}`],
        });
      else open(resource.addMethod(method, integration, { authorizationType: AuthorizationType.NONE }), openBecause);
    }
  }

  #acknowledge() {
    Validations.of(this.api).acknowledge({
      id: 'AwsSolutions-APIG2',
      reason:
        'api/ checks every request itself and answers as application/problem+json; the gateway would refuse a kill for its form.',
    });
    Validations.of(this.api).acknowledge({
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      reason: 'The policy that AWS prescribes for the account-wide role by which API Gateway writes its logs.',
    });
  }
}

function open(method: Method, reason: string) {
  for (const id of ['AwsSolutions-APIG4', 'AwsSolutions-COG4']) Validations.of(method).acknowledge({ id, reason });
}
