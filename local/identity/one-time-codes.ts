import { Secret, TOTP } from 'otpauth';
import type { Database } from '../aws/open-database.ts';
import type { DemoUser } from './demo-user.ts';

const WINDOW = 1;

/** What became of a one-time code: `replayed` was right, but its 30 seconds have already been spent on another login. */
export type CodeVerdict = 'accepted' | 'wrong' | 'replayed';

/**
 * Checks TOTP codes (RFC 6238, 6 digits, 30 s). Codes of the step before, of now and of the next one are accepted, each once
 * per person: at most three logins at once, then one per 30 s. Used steps are kept in the database.
 */
export function oneTimeCodes({ sqlite }: Database, now: () => Date) {
  const spend = sqlite.prepare('INSERT OR IGNORE INTO used_codes (subject, step) VALUES (?, ?)');
  const prune = sqlite.prepare('DELETE FROM used_codes WHERE step < ?');
  return (user: DemoUser, typed: string): CodeVerdict => {
    const token = typed.replace(/\s/g, '');
    if (!/^\d{6}$/.test(token)) return 'wrong';
    const totp = new TOTP({ secret: Secret.fromBase32(user.totpSecret) });
    const timestamp = now().getTime();
    const delta = totp.validate({ token, timestamp, window: WINDOW });
    if (delta === null) return 'wrong';
    const step = totp.counter({ timestamp });
    prune.run(step - WINDOW);
    return spend.run(user.subject, step + delta).changes === 1 ? 'accepted' : 'replayed';
  };
}
