import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GatewayRequest } from '../../../local/gateway/gateway-request.ts';
import { httpEvent } from '../../../local/gateway/http-event.ts';
import { restEvent } from '../../../local/gateway/rest-event.ts';

const claims = {
  sub: 'u-1',
  exp: 1_790_000_600,
  scope: 'control-plane/read control-plane/kill',
  'cognito:groups': ['execution-trader', 'sre'],
};
const request = (changes: Partial<GatewayRequest> = {}): GatewayRequest => ({
  route: {
    payload: '1.0',
    method: 'POST',
    path: '/v1/strategies/{id}/kills',
    functionName: 'ApiKill',
    apiId: 'a1b2c3d4e5',
    stage: 'live',
    authorizer: { issuer: 'http://127.0.0.1:4510/oidc', audience: [], scopes: ['control-plane/kill'] },
  },
  method: 'POST',
  url: new URL('http://127.0.0.1:4510/v1/strategies/btc-momentum/kills?a=1&a=2&b=x%20y'),
  headers: new Headers({ 'content-type': 'application/json', 'user-agent': 'cli', cookie: 'c=1; d=2' }),
  body: Buffer.from('{"reason":"ü"}'),
  parameters: { id: 'btc-momentum' },
  claims,
  requestId: 'r-1',
  at: new Date('2026-11-23T09:05:07.123Z'),
  sourceIp: '127.0.0.1',
  account: '000000000000',
  ...changes,
});

const nobody = {
  accessKey: null,
  accountId: null,
  apiKey: null,
  apiKeyId: null,
  caller: null,
  clientCert: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  user: null,
  userArn: null,
};

describe('restEvent', () => {
  it('shapes a request as a REST API does for a Lambda proxy (1.0)', () => {
    assert.deepEqual(JSON.parse(JSON.stringify(restEvent(request()))), {
      resource: '/v1/strategies/{id}/kills',
      path: '/v1/strategies/btc-momentum/kills',
      httpMethod: 'POST',
      headers: { 'content-type': 'application/json', cookie: 'c=1; d=2', 'user-agent': 'cli' },
      multiValueHeaders: { 'content-type': ['application/json'], cookie: ['c=1; d=2'], 'user-agent': ['cli'] },
      queryStringParameters: { a: '2', b: 'x y' },
      multiValueQueryStringParameters: { a: ['1', '2'], b: ['x y'] },
      pathParameters: { id: 'btc-momentum' },
      stageVariables: null,
      requestContext: {
        accountId: '000000000000',
        apiId: 'a1b2c3d4e5',
        authorizer: {
          claims: {
            sub: 'u-1',
            exp: '1790000600',
            scope: 'control-plane/read control-plane/kill',
            'cognito:groups': 'execution-trader,sre',
          },
        },
        domainName: '127.0.0.1:4510',
        domainPrefix: 'a1b2c3d4e5',
        extendedRequestId: 'r-1',
        httpMethod: 'POST',
        identity: { ...nobody, sourceIp: '127.0.0.1', userAgent: 'cli' },
        path: '/live/v1/strategies/btc-momentum/kills',
        protocol: 'HTTP/1.1',
        requestId: 'r-1',
        requestTime: '23/Nov/2026:09:05:07 +0000',
        requestTimeEpoch: 1_795_424_707_123,
        resourceId: '/v1/strategies/{id}/kills',
        resourcePath: '/v1/strategies/{id}/kills',
        stage: 'live',
      },
      body: '{"reason":"ü"}',
      isBase64Encoded: false,
    });
  });

  it('says null where there is nothing', () => {
    const { claims: _, ...open } = request({
      url: new URL('http://127.0.0.1/docs'),
      body: Buffer.alloc(0),
      parameters: {},
    });
    const event = restEvent(open);

    assert.deepEqual(
      [event.queryStringParameters, event.multiValueQueryStringParameters, event.pathParameters, event.body],
      [null, null, null, null],
    );
    assert.equal(event.requestContext.authorizer, undefined);
  });
});

describe('httpEvent', () => {
  it('shapes a request as an HTTP API does for a Lambda proxy (2.0)', () => {
    const lease = request().route;
    const event = httpEvent(
      request({ route: { ...lease, payload: '2.0', path: '/engine/v1/strategies/{id}/lease', stage: '$default' } }),
    );

    assert.deepEqual(JSON.parse(JSON.stringify(event)), {
      version: '2.0',
      routeKey: 'POST /engine/v1/strategies/{id}/lease',
      rawPath: '/v1/strategies/btc-momentum/kills',
      rawQueryString: 'a=1&a=2&b=x%20y',
      headers: { 'content-type': 'application/json', 'user-agent': 'cli' },
      cookies: ['c=1', 'd=2'],
      queryStringParameters: { a: '1,2', b: 'x y' },
      pathParameters: { id: 'btc-momentum' },
      requestContext: {
        accountId: '000000000000',
        apiId: 'a1b2c3d4e5',
        authorizer: {
          jwt: {
            claims: {
              sub: 'u-1',
              exp: '1790000600',
              scope: 'control-plane/read control-plane/kill',
              'cognito:groups': '[execution-trader sre]',
            },
            scopes: ['control-plane/kill'],
          },
        },
        domainName: '127.0.0.1:4510',
        domainPrefix: 'a1b2c3d4e5',
        http: {
          method: 'POST',
          path: '/v1/strategies/btc-momentum/kills',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'cli',
        },
        requestId: 'r-1',
        routeKey: 'POST /engine/v1/strategies/{id}/lease',
        stage: '$default',
        time: '23/Nov/2026:09:05:07 +0000',
        timeEpoch: 1_795_424_707_123,
      },
      body: '{"reason":"ü"}',
      isBase64Encoded: false,
    });
  });

  it('passes bytes that are no text in base64, and leaves out what is not there', () => {
    const binary = httpEvent(
      request({ headers: new Headers({ 'content-type': 'application/octet-stream' }), body: Buffer.from([0, 255]) }),
    );
    const bare = httpEvent(request({ url: new URL('http://127.0.0.1/x'), body: Buffer.alloc(0), parameters: {} }));

    assert.deepEqual([binary.body, binary.isBase64Encoded], ['AP8=', true]);
    assert.ok(!('body' in bare) && !('queryStringParameters' in bare) && !('pathParameters' in bare));
  });
});
