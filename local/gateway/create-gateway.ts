import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import type { JWTPayload } from 'jose';
import type { InvokeResult } from '../lambda/start-sandbox.ts';
import type { GatewayProblems } from '../template/gateway-problems.ts';
import type { GatewayRoute } from '../template/gateway-route.ts';
import { gatewayProblem, tokenProblem } from './gateway-problem.ts';
import type { GatewayRequest } from './gateway-request.ts';
import { httpEvent } from './http-event.ts';
import { proxyReply } from './proxy-reply.ts';
import { readBody } from './read-body.ts';
import { restEvent } from './rest-event.ts';
import type { TokenCheck, TokenProblem } from './verify-access-token.ts';

export type GatewayOptions = {
  readonly routes: readonly GatewayRoute[];
  readonly problems: GatewayProblems;
  readonly verify: TokenCheck;
  readonly invoke: (functionName: string, event: string, requestId: string) => Promise<InvokeResult>;
  readonly now: () => Date;
  readonly account: string;
  readonly onFault: (what: string) => void;
};

/** Both APIs of the template as one app: route, authorizer, proxy event, function, response. Nobody is slowed down here. */
export function createGateway(options: GatewayOptions): Hono {
  const app = new Hono();
  for (const route of options.routes) {
    const methods =
      route.method === 'ANY' ? ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] : [route.method];
    app.on(methods, honoPath(route.path), (context) => serve(context, route, options));
  }
  app.notFound(({ req }) =>
    gatewayProblem(options.problems, 'unknown', `There is no route ${req.method} ${req.path}.`),
  );
  return app;
}

/** `/v1/{id}` is `/v1/:id`, `/files/{path+}` is `/files/:path{.+}`. */
const honoPath = (path: string) => path.replace(/\{(\w+)\+\}/g, ':$1{.+}').replace(/\{(\w+)\}/g, ':$1');

/** The token is checked before the body is read: a stranger's bytes are never taken in. */
async function serve(context: Context, route: GatewayRoute, options: GatewayOptions): Promise<Response> {
  const { req } = context;
  const checked = route.authorizer ? await options.verify(req.header('authorization'), route.authorizer) : undefined;
  if (checked && isProblem(checked)) return tokenProblem(options.problems, checked);
  const body = await readBody(req.raw);
  if (!body) return gatewayProblem(options.problems, 'large', 'The body is larger than API Gateway would pass on.');
  const request: GatewayRequest = {
    route,
    method: req.method,
    url: new URL(req.url),
    headers: req.raw.headers,
    body,
    parameters: req.param(),
    ...(checked && { claims: checked }),
    requestId: randomUUID(),
    at: options.now(),
    sourceIp: '127.0.0.1',
    account: options.account,
  };
  return callFunction(request, options);
}

const isProblem = (checked: JWTPayload | TokenProblem): checked is TokenProblem =>
  'problem' in checked && 'detail' in checked;

async function callFunction(request: GatewayRequest, { invoke, problems, onFault }: GatewayOptions): Promise<Response> {
  const { route, requestId } = request;
  const event = route.payload === '1.0' ? restEvent(request) : httpEvent(request);
  const { payload, failed } = await invoke(route.functionName, JSON.stringify(event), requestId);
  const reply = failed ? undefined : proxyReply(payload, route.payload);
  if (reply) {
    reply.headers.set(route.payload === '1.0' ? 'x-amzn-requestid' : 'apigw-requestid', requestId);
    return reply;
  }
  onFault(
    `${route.functionName} (request ${requestId}) ${failed ? 'failed' : 'answered malformed'}: ${payload.slice(0, 2000)}`,
  );
  return gatewayProblem(
    problems,
    'function',
    `The control plane failed at this request (${requestId}); its log says why.`,
  );
}
