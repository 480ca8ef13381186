import type { Context } from 'hono';
import { recordRefusal } from '../domain/access/record-refusal.ts';
import type { Role } from '../domain/approval/approval.ts';
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

/** Runs one request of somebody: who, may they, do it. A refusal of somebody known goes to the access log; a fault is logged and says nothing. */
export async function handle(
  context: Context,
  ports: ApiPorts,
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

/** The refusal stands even when the access log cannot be written; that is a fault of its own, and logged as one. */
async function noteRefusal(
  caller: Caller,
  attempted: { method: string; path: string },
  refusal: Refusal,
  ports: ApiPorts,
): Promise<void> {
  try {
    await recordRefusal(caller, attempted, refusal, ports);
  } catch (error) {
    ports.log({ outcome: 'fault', message: 'the access log could not be written', error: String(error) });
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
