import { IdempotencyKey } from '../domain/ids.ts';

/** For safety commands: the caller's Idempotency-Key when it can be used, else a new one. Never refuses. */
export const lenientKey = (request: Request, randomId: () => string): string =>
  IdempotencyKey.safeParse(request.headers.get('idempotency-key')).data ?? randomId();
