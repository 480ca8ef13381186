import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';

type Answer = {
  readonly type: ResponseType;
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly next: string;
};

const answers: readonly Answer[] = [
  {
    type: ResponseType.UNAUTHORIZED,
    status: 401,
    code: 'TokenInvalid',
    title: 'No valid access token came with the request',
    next: 'Sign in again: tradepulse-cli login',
  },
  {
    type: ResponseType.ACCESS_DENIED,
    status: 403,
    code: 'NotPermitted',
    title: 'The access token does not cover this request',
    next: 'Sign in with an account that has the scope of this route',
  },
  {
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    status: 404,
    code: 'NotFound',
    title: 'There is no such route',
    next: 'See /docs for the routes',
  },
  {
    type: ResponseType.REQUEST_TOO_LARGE,
    status: 413,
    code: 'BodyTooLarge',
    title: 'The body is too large',
    next: 'Send at most 64 KiB',
  },
  {
    type: ResponseType.THROTTLED,
    status: 429,
    code: 'Contended',
    title: 'Too many requests at once',
    next: 'Wait a second and try again; kills are never limited',
  },
];

/** What the gateway itself answers, in the form of every other error of the API (RFC 9457). */
export function problemResponses(api: RestApi) {
  for (const { type, status, code, title, next } of answers) {
    const problem = JSON.stringify({ type: 'about:blank', title, status, detail: `${title}.`, code, next });
    api.addGatewayResponse(`Problem${code}`, {
      type,
      statusCode: String(status),
      templates: { 'application/problem+json': problem, 'application/json': problem },
    });
  }
}
