import type { Database } from '../aws/open-database.ts';

const FREE_FAILURES = 5;
const FIRST_LOCK_MS = 30_000;
const LONGEST_LOCK_MS = 900_000;
const FORGOTTEN_AFTER_MS = 3_600_000;

/** Slows guessing down: how many failures in a row a name has had, and until when nobody may try it. */
export type FailedLogins = {
  /** Milliseconds until the name may be tried again; 0 = now. */
  lockedForMs(name: string): number;
  /** Counts a wrong password or a wrong code. From the fifth on the name is locked: 30 s, doubling up to 15 minutes. */
  count(name: string): void;
  /** A whole login succeeded. A right password alone does not: it would let codes be guessed for ever. */
  forget(name: string): void;
};

/** Kept in the database, so that a restart gives no new tries. Unknown names are counted like known ones and so tell nothing. */
export function failedLogins({ sqlite }: Database, now: () => Date): FailedLogins {
  const read = sqlite.prepare('SELECT failures, locked_until FROM failed_logins WHERE name = ?');
  const write = sqlite.prepare('INSERT OR REPLACE INTO failed_logins (name, failures, locked_until) VALUES (?, ?, ?)');
  const forget = sqlite.prepare('DELETE FROM failed_logins WHERE name = ?');
  const prune = sqlite.prepare('DELETE FROM failed_logins WHERE locked_until < ?');
  return {
    lockedForMs: (name) => Math.max(0, Number(read.get(name)?.['locked_until'] ?? 0) - now().getTime()),
    count(name) {
      const at = now().getTime();
      prune.run(at - FORGOTTEN_AFTER_MS);
      const failures = Number(read.get(name)?.['failures'] ?? 0) + 1;
      write.run(name, failures, at + lockMs(failures));
    },
    forget: (name) => void forget.run(name),
  };
}

function lockMs(failures: number): number {
  if (failures < FREE_FAILURES) return 0;
  return Math.min(LONGEST_LOCK_MS, FIRST_LOCK_MS * 2 ** (failures - FREE_FAILURES));
}
