import type { APIGatewayProxyEventV2WithJWTAuthorizer } from 'aws-lambda';
import { claimText } from './claim-text.ts';
import type { GatewayRequest } from './gateway-request.ts';
import { commonLogTime } from './rest-event.ts';

type HttpEvent = Omit<APIGatewayProxyEventV2WithJWTAuthorizer, 'requestContext'> & {
  readonly requestContext: Omit<APIGatewayProxyEventV2WithJWTAuthorizer['requestContext'], 'authorizer'> & {
    readonly authorizer?: object;
  };
};

const textTypes = /^(text\/|application\/(json|javascript|xml|.+\+(json|xml)))/i;

/** The event of an HTTP API's Lambda proxy integration (payload 2.0). */
export function httpEvent(request: GatewayRequest): HttpEvent {
  const { route, method, url, headers, body, parameters } = request;
  const isText = textTypes.test(headers.get('content-type') ?? 'text/plain');
  const { cookie, ...others } = Object.fromEntries(headers);
  const names = [...new Set(url.searchParams.keys())];
  return {
    version: '2.0',
    routeKey: `${route.method} ${route.path}`,
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    headers: others,
    ...(cookie && { cookies: cookie.split(/;\s*/) }),
    ...(names.length > 0 && {
      queryStringParameters: Object.fromEntries(names.map((name) => [name, url.searchParams.getAll(name).join(',')])),
    }),
    ...(Object.keys(parameters).length > 0 && { pathParameters: { ...parameters } }),
    requestContext: httpContext(request, method),
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

function httpContext(request: GatewayRequest, method: string): HttpEvent['requestContext'] {
  const { route, url, headers, claims, requestId, at, sourceIp, account } = request;
  return {
    accountId: account,
    apiId: route.apiId,
    ...(claims && { authorizer: { jwt: { claims: claimsOf(claims), scopes: route.authorizer?.scopes ?? null } } }),
    domainName: url.host,
    domainPrefix: route.apiId,
    http: {
      method,
      path: url.pathname,
      protocol: 'HTTP/1.1',
      sourceIp,
      userAgent: headers.get('user-agent') ?? '',
    },
    requestId,
    routeKey: `${route.method} ${route.path}`,
    stage: route.stage,
    time: commonLogTime(at),
    timeEpoch: at.getTime(),
  };
}

const claimsOf = (claims: object) =>
  Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [name, claimText(value, (items) => `[${items.join(' ')}]`)]),
  );
