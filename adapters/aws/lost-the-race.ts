import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';

const RACES = new Set(['ConditionalCheckFailed', 'TransactionConflict']);

/** Whether a transaction was cancelled only because another writer came first: the caller reads again and decides afresh. */
export function lostTheRace(error: unknown): boolean {
  if (!(error instanceof TransactionCanceledException)) return false;
  const reasons = (error.CancellationReasons ?? []).map(({ Code }) => Code ?? 'None').filter((code) => code !== 'None');
  return reasons.length > 0 && reasons.every((code) => RACES.has(code));
}
