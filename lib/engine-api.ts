import { Duration } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { OAuthScope, ResourceServerScope, type UserPool, type UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { accessLog } from './access-log.ts';
import type { ControlFunction } from './control-function.ts';

type EngineApiProps = {
  readonly pool: UserPool;
  readonly instanceIds: readonly string[];
  readonly lease: ControlFunction;
};

/**
 * The engines' own entrance: lease renewals only, a client of its own for each instance, no throttle and no firewall, since
 * a renewal that is held back halts an engine. An HTTP API, at a third of the price of the operators' API.
 */
export class EngineApi extends Construct {
  readonly api: HttpApi;
  readonly #clients: ReadonlyMap<string, UserPoolClient>;

  constructor(scope: Construct, id: string, { pool, instanceIds, lease }: EngineApiProps) {
    super(scope, id);
    this.#clients = this.#engineClients(pool, instanceIds);
    const jwtAudience = [...this.#clients.values()].map(({ userPoolClientId }) => userPoolClientId);
    this.api = new HttpApi(this, 'Api', {
      description: 'TradePulse Control Plane: engines',
      createDefaultStage: false,
    });
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog(this)),
        format: AccessLogFormat.jsonWithStandardFields(),
      },
    });
    this.api.addRoutes({
      path: '/engine/v1/strategies/{id}/lease',
      methods: [HttpMethod.POST],
      integration: new HttpLambdaIntegration('Lease', lease),
      authorizer: new HttpJwtAuthorizer('EngineTokens', pool.userPoolProviderUrl, { jwtAudience }),
      authorizationScopes: ['engine/lease'],
    });
  }

  /** The OAuth client id of an instance: what its tokens say, and what the lease function holds it to. */
  clientIdOf(instanceId: string): string {
    const client = this.#clients.get(instanceId);
    if (!client)
      throw new Error(`engine instance ${instanceId} has no client; it is not among the instances of this stack`);
    return client.userPoolClientId;
  }

  #engineClients(pool: UserPool, instanceIds: readonly string[]) {
    const lease = new ResourceServerScope({ scopeName: 'lease', scopeDescription: 'Renew the lease of one strategy' });
    const server = pool.addResourceServer('Engine', { identifier: 'engine', scopes: [lease] });
    const scopes = [OAuthScope.resourceServer(server, lease)];
    return new Map(
      instanceIds.map((instanceId) => [
        instanceId,
        pool.addClient(`Engine-${instanceId}`, {
          userPoolClientName: instanceId,
          generateSecret: true,
          oAuth: { flows: { clientCredentials: true }, scopes },
          accessTokenValidity: Duration.minutes(10),
          enableTokenRevocation: true,
        }),
      ]),
    );
  }
}
