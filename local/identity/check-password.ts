import { createHash, timingSafeEqual } from 'node:crypto';
import type { DemoUser } from './demo-user.ts';

const digest = (text: string) => createHash('sha256').update(text).digest();
const NOBODY = digest('');

/** The user with this name and password. Takes the same time for a wrong password and an unknown name. */
export function checkPassword(users: readonly DemoUser[], name: string, password: string): DemoUser | undefined {
  const user = users.find((each) => each.name === name);
  const matches = timingSafeEqual(digest(password), user ? digest(user.password) : NOBODY);
  return matches ? user : undefined;
}
