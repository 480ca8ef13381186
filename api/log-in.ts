import { LogId } from '../domain/ledger/ledger-entry.ts';
import { Refusal } from '../domain/refusal.ts';

/** A log out of a path; what cannot be one is an unknown log. */
export function logIn(text: string): LogId {
  const log = LogId.safeParse(text);
  return log.success ? log.data : unknownLog(text);
}

export function unknownLog(name: string): never {
  throw new Refusal('UnknownLog', `there is no log ${name.slice(0, 60)}`, 'logs are strategy ids, desk, and access');
}
