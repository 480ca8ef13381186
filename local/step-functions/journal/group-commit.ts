import type { StatementSync } from 'node:sqlite';

/** One transaction at a time: it takes all writes until the event loop turns, and then costs one fsync. */
export function groupCommit(prepare: (sql: string) => StatementSync, onFault: (fault: unknown) => void) {
  let committed = Promise.withResolvers<void>();
  let open = false;
  let broken: Error | undefined;

  const fail = (fault: unknown) => {
    broken = fault instanceof Error ? fault : new Error(String(fault));
    open = false;
    committed.promise.catch(() => undefined); // nobody may be waiting
    committed.reject(broken);
    onFault(broken);
    return broken;
  };
  const flush = () => {
    if (!open || broken) return;
    try {
      prepare('COMMIT').run();
    } catch (fault) {
      fail(fault);
      return;
    }
    open = false;
    committed.resolve();
  };
  const begin = () => {
    if (open) return;
    prepare('BEGIN IMMEDIATE').run();
    open = true;
    committed = Promise.withResolvers<void>();
    setImmediate(flush);
  };
  const write = <Result>(change: () => Result): Result => {
    if (broken) throw broken;
    try {
      begin();
      return change();
    } catch (fault) {
      throw broken ?? fail(fault);
    }
  };
  const durable = (): Promise<void> => {
    if (broken) return Promise.reject(broken);
    return open ? committed.promise : Promise.resolve();
  };
  return { write, flush, durable };
}
