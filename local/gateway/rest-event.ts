import type { APIGatewayProxyEvent } from 'aws-lambda';
import { claimText } from './claim-text.ts';
import type { GatewayRequest } from './gateway-request.ts';

/** The event of a REST API's Lambda proxy integration (payload 1.0). Header names are in lower case, as with HTTP/2 clients. */
export function restEvent(request: GatewayRequest): APIGatewayProxyEvent {
  const { route, method, url, headers, body, parameters } = request;
  const names = [...new Set(url.searchParams.keys())];
  const all = Object.fromEntries(names.map((name) => [name, url.searchParams.getAll(name)]));
  return {
    resource: route.path,
    path: url.pathname,
    httpMethod: method,
    headers: Object.fromEntries(headers),
    multiValueHeaders: Object.fromEntries([...headers].map(([name, value]) => [name, [value]])),
    queryStringParameters: orNull(Object.fromEntries(names.map((name) => [name, all[name]?.at(-1)]))),
    multiValueQueryStringParameters: orNull(all),
    pathParameters: orNull(parameters),
    stageVariables: null,
    requestContext: restContext(request),
    body: body.length > 0 ? body.toString('utf8') : null,
    isBase64Encoded: false,
  };
}

/** API Gateway says null where there is nothing. */
const orNull = <T extends object>(values: T): T | null => (Object.keys(values).length > 0 ? values : null);

function restContext(request: GatewayRequest): APIGatewayProxyEvent['requestContext'] {
  const { route, method, url, headers, claims, requestId, at, sourceIp, account } = request;
  return {
    accountId: account,
    apiId: route.apiId,
    authorizer: claims ? { claims: claimsOf(claims) } : undefined,
    domainName: url.host,
    domainPrefix: route.apiId,
    extendedRequestId: requestId,
    httpMethod: method,
    identity: identityOf(sourceIp, headers.get('user-agent')),
    path: `/${route.stage}${url.pathname}`,
    protocol: 'HTTP/1.1',
    requestId,
    requestTime: commonLogTime(at),
    requestTimeEpoch: at.getTime(),
    resourceId: route.path,
    resourcePath: route.path,
    stage: route.stage,
  };
}

const claimsOf = (claims: object) =>
  Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [name, claimText(value, (items) => items.join(','))]),
  );

const identityOf = (sourceIp: string, userAgent: string | null) => ({
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
  sourceIp,
  user: null,
  userAgent,
  userArn: null,
});

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `23/Nov/2026:09:15:00 +0000` */
export function commonLogTime(at: Date): string {
  const [day, time] = at.toISOString().slice(0, 19).split('T');
  const [year, month, date] = (day ?? '').split('-');
  return `${date}/${MONTHS[Number(month) - 1]}/${year}:${time} +0000`;
}
