import type { GatewayProblems } from '../template/gateway-problems.ts';
import type { TokenProblem } from './verify-access-token.ts';

const cases = {
  missing: { response: 'UNAUTHORIZED', status: 401, code: 'TokenMissing' },
  invalid: { response: 'UNAUTHORIZED', status: 401, code: 'TokenInvalid' },
  expired: { response: 'UNAUTHORIZED', status: 401, code: 'TokenExpired' },
  scope: { response: 'ACCESS_DENIED', status: 403, code: 'NotPermitted' },
  unknown: { response: 'MISSING_AUTHENTICATION_TOKEN', status: 404, code: 'NotFound' },
  large: { response: 'REQUEST_TOO_LARGE', status: 413, code: 'BodyTooLarge' },
  function: { response: 'INTEGRATION_FAILURE', status: 502, code: 'Fault' },
} as const satisfies Record<string, { response: string; status: number; code: string }>;
type Case = keyof typeof cases;

/**
 * What the gateway itself answers, as problem details (RFC 9457): the template's words for the case, with the code and the reason
 * of this one, which API Gateway cannot always tell.
 */
export function gatewayProblem(problems: GatewayProblems, which: Case, detail: string): Response {
  const { response, status: usual, code } = cases[which];
  const declared = problems.get(response);
  const status = declared?.status ?? usual;
  const body = { type: 'about:blank', title: code, ...declared?.body, status, detail, code };
  const headers = new Headers({ 'content-type': 'application/problem+json' });
  if (status === 401) headers.set('www-authenticate', 'Bearer');
  return new Response(JSON.stringify(body), { status, headers });
}

export const tokenProblem = (problems: GatewayProblems, { problem, detail }: TokenProblem): Response =>
  gatewayProblem(problems, problem, detail);
