import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gatewayProblems } from '../../../local/template/gateway-problems.ts';
import { httpRoutes } from '../../../local/template/http-routes.ts';
import { restRoutes } from '../../../local/template/rest-routes.ts';
import { temporaryFolder } from '../aws/temporary-folder.ts';
import { aFunction, arnOf, place, writtenStack } from './written-stack.ts';

let temporary: Awaited<ReturnType<typeof temporaryFolder>>;
before(async () => {
  temporary = await temporaryFolder();
});
after(() => temporary.remove());
const stackOf = (Resources: Record<string, { Type: string; Properties?: object }>) =>
  writtenStack(join(temporary.path, 'out'), { Resources: { Fn: aFunction(), ...Resources } });

describe('restRoutes', () => {
  const root = { 'Fn::GetAtt': ['Api', 'RootResourceId'] };
  const part = (PathPart: string, ParentId: object) => ({
    Type: 'AWS::ApiGateway::Resource',
    Properties: { PathPart, ParentId },
  });
  const uri = {
    'Fn::Join': [
      '',
      [
        'arn:',
        { Ref: 'AWS::Partition' },
        ':apigateway:x:lambda:path/2015-03-31/functions/',
        arnOf('Fn'),
        '/invocations',
      ],
    ],
  };
  const method = (ResourceId: object, more: object = {}) => ({
    Type: 'AWS::ApiGateway::Method',
    Properties: {
      ...{ HttpMethod: 'POST', RestApiId: { Ref: 'Api' }, ResourceId, AuthorizationType: 'NONE' },
      Integration: { Type: 'AWS_PROXY', Uri: uri },
      ...more,
    },
  });
  const api = {
    Api: { Type: 'AWS::ApiGateway::RestApi' },
    V1: part('v1', root),
    Strategies: part('strategies', { Ref: 'V1' }),
    One: part('{id}', { Ref: 'Strategies' }),
  };
  const secured = {
    AuthorizationType: 'COGNITO_USER_POOLS',
    AuthorizerId: { Ref: 'Auth' },
    AuthorizationScopes: ['kill'],
  };
  const Auth = { Type: 'AWS::ApiGateway::Authorizer', Properties: { Type: 'COGNITO_USER_POOLS', ProviderARNs: [] } };

  it('builds each path from the root, with the function behind it', () => {
    const routes = restRoutes(
      stackOf({ ...api, AtOne: method({ Ref: 'One' }), AtRoot: method(root, { HttpMethod: 'ANY' }) }),
    );

    assert.deepEqual(
      routes.map(({ method: verb, path, functionName, stage, payload }) => [verb, path, functionName, stage, payload]),
      [
        ['POST', '/v1/strategies/{id}', 'Fn', 'live', '1.0'],
        ['ANY', '/', 'Fn', 'live', '1.0'],
      ],
    );
    assert.equal(routes[0]?.authorizer, undefined);
  });

  it('asks for tokens of the local identity provider where the template has an authorizer', () => {
    const Stage = { Type: 'AWS::ApiGateway::Stage', Properties: { RestApiId: { Ref: 'Api' }, StageName: 'prod' } };

    const [route] = restRoutes(stackOf({ ...api, Auth, Stage, AtOne: method({ Ref: 'One' }, secured) }));

    assert.deepEqual(route?.authorizer, { issuer: place.issuer, audience: [], scopes: ['kill'] });
    assert.equal(route?.stage, 'prod');
  });

  it('refuses what it would have to guess, naming the resource', () => {
    const refused = (resources: Parameters<typeof stackOf>[0], why: RegExp) =>
      assert.throws(() => restRoutes(stackOf({ ...api, ...resources })), why);

    refused({ M: method({ Ref: 'One' }, secured), Auth: aFunction() }, /M has no authorizer in the template/);
    refused(
      { M: method({ Ref: 'One' }, { AuthorizationType: 'AWS_IAM' }) },
      /^Error: M \(AWS::ApiGateway::Method\) cannot be served/,
    );
    refused({ M: method({ Ref: 'One' }, { Integration: { Type: 'MOCK', Uri: '' } }) }, /^Error: M .* cannot be served/);
    refused(
      { M: method({ Ref: 'One' }, { Integration: { Type: 'AWS_PROXY', Uri: 'http://x' } }) },
      /M: http:\/\/x is not the invocation/,
    );
    refused({ M: method({ Ref: 'Fn' }) }, /M is below Fn, which is no resource of a REST API/);
    refused({ Lost: part('lost', { Ref: 'Fn' }) }, /Lost is below Fn, which is no resource of a REST API/);
  });

  it('give the words in which the gateway itself refuses', () => {
    const response = (ResponseType: string, more: object) => ({
      Type: 'AWS::ApiGateway::GatewayResponse',
      Properties: { ResponseType, StatusCode: '401', ...more },
    });
    const words = { ResponseTemplates: { 'application/problem+json': '{"code":"TokenMissing"}' } };

    const problems = gatewayProblems(stackOf({ A: response('UNAUTHORIZED', words), B: response('DEFAULT_4XX', {}) }));

    assert.deepEqual(problems.get('UNAUTHORIZED'), { status: 401, body: { code: 'TokenMissing' } });
    assert.deepEqual(problems.get('DEFAULT_4XX'), { status: 401, body: {} });
  });
});

describe('httpRoutes', () => {
  const v2 = (kind: string, Properties: object) => ({ Type: `AWS::ApiGatewayV2::${kind}`, Properties });
  const api = {
    Api: v2('Api', {}),
    Call: v2('Integration', { IntegrationType: 'AWS_PROXY', IntegrationUri: arnOf('Fn'), PayloadFormatVersion: '2.0' }),
    Tokens: v2('Authorizer', {
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Issuer: place.issuer, Audience: ['engine-1'] },
    }),
  };
  const route = (more: object = {}) =>
    v2('Route', {
      ...{ ApiId: { Ref: 'Api' }, RouteKey: 'POST /engine/{id}', Target: { 'Fn::Sub': 'integrations/${Call}' } },
      ...more,
    });
  const jwt = { AuthorizationType: 'JWT', AuthorizerId: { Ref: 'Tokens' }, AuthorizationScopes: ['engine/lease'] };

  it('lead to the function behind the integration, with the tokens that its authorizer takes', () => {
    const Stage = v2('Stage', { ApiId: { Ref: 'Api' }, StageName: 'live' });

    const [first] = httpRoutes(stackOf({ ...api, Stage, R: route(jwt) }));

    assert.deepEqual(
      [first?.method, first?.path, first?.functionName, first?.stage],
      ['POST', '/engine/{id}', 'Fn', 'live'],
    );
    assert.deepEqual(first?.authorizer, { issuer: place.issuer, audience: ['engine-1'], scopes: ['engine/lease'] });
  });

  it('are open and on the default stage when the template says no more', () => {
    const [first] = httpRoutes(stackOf({ ...api, R: route() }));

    assert.deepEqual([first?.stage, first?.authorizer], ['$default', undefined]);
  });

  it('refuses what it would have to guess, naming the resource', () => {
    const refused = (resources: Parameters<typeof stackOf>[0], why: RegExp) =>
      assert.throws(() => httpRoutes(stackOf({ ...api, ...resources })), why);

    refused(
      { R: route({ RouteKey: '$default' }) },
      /^Error: R \(AWS::ApiGatewayV2::Route\) cannot be served: .*\$default is not served/s,
    );
    refused({ R: route({ Target: 'integrations/none' }) }, /R: integrations\/none leads to no function/);
    refused({ R: route({ ...jwt, AuthorizerId: 'none' }) }, /R has no authorizer in the template/);
    refused(
      { R: route(), Call: v2('Integration', { IntegrationType: 'HTTP_PROXY' }) },
      /^Error: Call .* cannot be served/,
    );
  });
});
