import { checkPassword } from './check-password.ts';
import type { DemoUser } from './demo-user.ts';
import type { FailedLogins } from './failed-logins.ts';
import type { LoginRefusal } from './login-pages.ts';
import type { CodeVerdict } from './one-time-codes.ts';

export type LoginStepsOptions = {
  readonly users: readonly DemoUser[];
  readonly failed: FailedLogins;
  readonly checkCode: (user: DemoUser, code: string) => CodeVerdict;
};

/** The two factors of a login. Each answers the user, or why not; a locked name is refused before anything is compared. */
export type LoginSteps = {
  password(name: string, password: string): DemoUser | LoginRefusal;
  code(user: DemoUser, code: string): DemoUser | LoginRefusal;
};

/** A code that was right but used before is no failed attempt: nobody who guesses gets that answer. */
export function loginSteps({ users, failed, checkCode }: LoginStepsOptions): LoginSteps {
  const locked = (name: string): LoginRefusal | undefined => {
    const seconds = Math.ceil(failed.lockedForMs(name) / 1000);
    return seconds > 0 ? { code: 'locked', seconds } : undefined;
  };
  const failure = (name: string, refusal: LoginRefusal): LoginRefusal => {
    failed.count(name);
    return locked(name) ?? refusal;
  };
  return {
    password(name, password) {
      return locked(name) ?? checkPassword(users, name, password) ?? failure(name, { code: 'wrong-password' });
    },
    code(user, code) {
      const lock = locked(user.name);
      if (lock) return lock;
      const verdict = checkCode(user, code);
      if (verdict === 'replayed') return { code: 'code-used' };
      if (verdict === 'wrong') return failure(user.name, { code: 'wrong-code' });
      failed.forget(user.name);
      return user;
    },
  };
}
