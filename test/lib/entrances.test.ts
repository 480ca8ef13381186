import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Match } from 'aws-cdk-lib/assertions';
import { operatorRoutes } from '../../lib/operator-routes.ts';
import { roles } from '../../lib/roles.ts';
import { neverBlocked } from '../../lib/web-acl.ts';
import { textOf } from './policies.ts';
import { synthesized } from './synthesized.ts';

const { template, resources } = synthesized();

type Setting = { ResourcePath: string; HttpMethod: string; ThrottlingRateLimit?: number; DataTraceEnabled: boolean };
const [[, stage] = []] = resources('AWS::ApiGateway::Stage');
const settings = (stage?.Properties['MethodSettings'] ?? []) as Setting[];
const kills = operatorRoutes.filter(({ lambda }) => lambda === 'api/kill' || lambda === 'api/device-kill');

describe('the operators’ API', () => {
  it('has the routes of the table, each in front of its Lambda with its scope', () => {
    const methods = resources('AWS::ApiGateway::Method').map(([, { Properties }]) => Properties);
    const scopes = methods.flatMap(({ AuthorizationScopes = [] }) => AuthorizationScopes as string[]);
    const counted = (scope: string) => operatorRoutes.filter((route) => route.scope === scope).length;

    assert.equal(methods.length, operatorRoutes.length);
    for (const scope of ['read', 'operate'])
      assert.equal(scopes.filter((each) => each === `control-plane/${scope}`).length, counted(scope));
  });

  it('asks the user pool for a token everywhere but in its own description, of a kill and of a signing page, whose functions check for themselves', () => {
    const open = resources('AWS::ApiGateway::Method').filter(
      ([, { Properties }]) => Properties['AuthorizationType'] !== 'COGNITO_USER_POOLS',
    );

    assert.equal(open.length, 9);
    assert.deepEqual(
      operatorRoutes.filter(({ scope }) => !scope).map(({ path }) => path),
      [
        '/v1/strategies/{id}/kills',
        '/v1/kills',
        '/v1/device-kills',
        '/v1/signing-sessions/{id}',
        '/v1/signing-sessions/{id}/signature',
        '/v1/signing-sessions/{id}/credential',
        '/sign/{id}',
        '/openapi.json',
        '/docs',
      ],
    );
  });

  it('never slows a kill down: neither its route nor the whole stage has a throttle', () => {
    const paths = kills.map(({ path }) => path.replaceAll('/', '~1').replace(/^/, '/'));
    const unthrottled = settings
      .filter(({ ThrottlingRateLimit }) => ThrottlingRateLimit === undefined)
      .map(({ ResourcePath }) => ResourcePath);

    assert.deepEqual(unthrottled.sort(), ['/*', ...paths].sort());
  });

  it('throttles every other route, and logs no bodies', () => {
    const throttled = settings.filter(({ ThrottlingRateLimit }) => ThrottlingRateLimit);

    assert.equal(throttled.length, operatorRoutes.length - kills.length);
    assert.ok(settings.every(({ DataTraceEnabled }) => !DataTraceEnabled));
    assert.ok('AccessLogSetting' in (stage?.Properties ?? {}));
  });
});

describe('the firewall', () => {
  it('stands before the stage with one rate rule, whose scope leaves out kills and leases', () => {
    const spared = neverBlocked.map((RegexString) => ({ RegexMatchStatement: Match.objectLike({ RegexString }) }));

    template.resourceCountIs('AWS::WAFv2::WebACLAssociation', 1);
    template.hasResourceProperties('AWS::WAFv2::WebACL', {
      DefaultAction: { Allow: {} },
      Rules: [
        Match.objectLike({
          Statement: {
            RateBasedStatement: Match.objectLike({
              ScopeDownStatement: { NotStatement: { Statement: { OrStatement: { Statements: spared } } } },
            }),
          },
        }),
      ],
    });
  });

  const spares = (path: string) => neverBlocked.some((pattern) => new RegExp(pattern).test(path));

  it('spares the path of a kill and of a lease, with and without a stage', () => {
    for (const path of [
      '/v1/strategies/x/kills',
      '/live/v1/strategies/btc-momentum/kills',
      '/v1/kills',
      '/live/v1/kills',
      '/v1/device-kills',
      '/live/v1/device-kills',
      '/engine/v1/strategies/x/lease',
    ])
      assert.ok(spares(path), path);
  });

  it('spares no other route', () => {
    const others = operatorRoutes
      .filter((route) => !kills.includes(route))
      .map(({ path }) => path.replace(/\{\w+\}/g, 'kills'));

    assert.deepEqual(others.filter(spares), []);
  });
});

describe('the engines’ API', () => {
  it('lets in only tokens of the pool’s engine clients with the scope engine/lease', () => {
    const clients = resources('AWS::Cognito::UserPoolClient').filter(
      ([, { Properties }]) => String(Properties['AllowedOAuthFlows']) === 'client_credentials',
    );
    const [[, authorizer] = []] = resources('AWS::ApiGatewayV2::Authorizer');
    const jwt = authorizer?.Properties['JwtConfiguration'] as { Audience: unknown[]; Issuer: unknown };

    assert.deepEqual(jwt.Audience.map(textOf).sort(), clients.map(([id]) => `<${id}>`).sort());
    assert.match(textOf(jwt.Issuer), /\.ProviderURL>$/);
    template.hasResourceProperties('AWS::ApiGatewayV2::Route', {
      RouteKey: 'POST /engine/v1/strategies/{id}/lease',
      AuthorizationType: 'JWT',
      AuthorizationScopes: ['engine/lease'],
    });
  });

  it('throttles nothing: a renewal that is held back halts an engine', () => {
    for (const [, { Properties }] of resources('AWS::ApiGatewayV2::Stage'))
      assert.ok(!JSON.stringify(Properties).includes('Throttling'));
  });
});

describe('the sign-in', () => {
  it('demands a second factor from everybody, takes no sign-ups, and cannot be deleted by mistake', () => {
    template.hasResourceProperties('AWS::Cognito::UserPool', {
      MfaConfiguration: 'ON',
      EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      DeletionProtection: 'ACTIVE',
      UserPoolTier: 'ESSENTIALS',
    });
  });

  it('has a group for each role', () => {
    const groups = resources('AWS::Cognito::UserPoolGroup').map(([, { Properties }]) =>
      String(Properties['GroupName']),
    );

    assert.deepEqual(groups.sort(), Object.keys(roles).sort());
  });

  it('gives people a public client with code and PKCE, and tokens of ten minutes', () => {
    template.hasResourceProperties('AWS::Cognito::UserPoolClient', {
      AllowedOAuthFlows: ['code'],
      GenerateSecret: false,
      AccessTokenValidity: 10,
      TokenValidityUnits: Match.objectLike({ AccessToken: 'minutes' }),
    });
  });

  it('knows the scopes of operators and of engines', () => {
    const scopesOf = (Identifier: string, names: string[]) =>
      template.hasResourceProperties('AWS::Cognito::UserPoolResourceServer', {
        Identifier,
        Scopes: names.map((ScopeName) => Match.objectLike({ ScopeName })),
      });

    scopesOf('control-plane', ['read', 'operate', 'kill']);
    scopesOf('engine', ['lease']);
  });
});
