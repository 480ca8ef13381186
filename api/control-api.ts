import type { Context } from 'hono';
import { recordRefusal } from '../domain/access/record-refusal.ts';
import { Role } from '../domain/approval/approval.ts';
import { type Caller, requireRole } from '../domain/approval/caller.ts';
import { IdempotencyKey } from '../domain/ids.ts';
import type { Ports } from '../domain/ports/ports.ts';
import { Refusal } from '../domain/refusal.ts';
import { authenticate, requireScope, type VerifyToken } from './authenticate.ts';
import { faultProblem, problem } from './problem.ts';

export type ApiPorts = Ports & {
  /** For engines: any client of the issuer; the registration binds it to its instance. */
  verifyEngineToken: VerifyToken;
  verifyToken: VerifyToken;
  log: (line: Record<string, unknown>) => void;
  randomId: () => string;
};

export type Permission = { scope: string; roles: readonly Role[]; action: string };

/** Everybody may read. */
export const READING: Permission = { scope: 'control-plane/read', roles: Role.options, action: 'reading' };

/** What every request takes, whatever it is about. */
export type RequestPorts = Pick<ApiPorts, 'verifyToken' | 'now' | 'log' | 'randomId'> & {
  readonly refusals: Pick<Ports['refusals'], 'count'>;
};

/** Runs one request of somebody: who, may they, do it. A refusal of somebody known is counted for the access log; a fault is logged and says nothing. */
export async function handle(
  context: Context,
  ports: RequestPorts,
  permission: Permission,
  act: (caller: Caller) => Promise<Response>,
): Promise<Response> {
  const { method, path } = context.req;
  let caller: Caller | undefined;
  try {
    caller = await authenticate(context.req.raw, ports.verifyToken);
    requireScope(caller, permission.scope);
    const refusal = requireRole(caller, permission.roles, permission.action);
    if (refusal) throw refusal;
    return await act(caller);
  } catch (error) {
    if (!(error instanceof Refusal)) return fault(error, ports);
    ports.log({ outcome: 'refused', code: error.code, method, path });
    if (caller && method !== 'GET') await noteRefusal(caller, { method, path }, error, ports);
    return problem(error);
  }
}

/** The refusal stands even when it cannot be counted; that is a fault of its own, and logged as one. */
export async function noteRefusal(
  caller: Caller,
  attempted: { method: string; path: string },
  refusal: Refusal,
  ports: RequestPorts,
): Promise<void> {
  try {
    await recordRefusal(caller, attempted, refusal, ports);
  } catch (error) {
    ports.log({ outcome: 'fault', message: 'a refused attempt could not be counted', error: String(error) });
  }
}

export function fault(error: unknown, { log, randomId }: Pick<ApiPorts, 'log' | 'randomId'>): Response {
  const requestId = randomId();
  log({
    outcome: 'fault',
    requestId,
    error: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    stack: error instanceof Error ? error.stack : undefined,
  });
  return faultProblem(requestId);
}

/** The caller's Idempotency-Key, bound to the caller. Refuses a missing or malformed one. */
export function commandKey(request: Request, { subject }: Caller): string {
  const header = request.headers.get('idempotency-key');
  const key = IdempotencyKey.safeParse(header);
  if (!key.success) {
    throw new Refusal(
      'IdempotencyKeyMissing',
      header === null ? 'a change needs an Idempotency-Key header' : 'this Idempotency-Key is malformed',
      'send a fresh UUID as Idempotency-Key, and the same one when you repeat the request',
    );
  }
  return `${subject}/${key.data}`;
}
