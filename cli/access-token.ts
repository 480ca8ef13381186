import { join } from 'node:path';
import { session } from './session/session.ts';
import type { Surroundings, TokenNeed } from './surroundings.ts';

export type LoginSurroundings = Pick<Surroundings, 'env' | 'now' | 'sleep' | 'stderr' | 'interrupted'>;

/** The access token that fulfils a need; what the person has to know meanwhile goes to stderr. */
export async function accessToken(
  need: TokenNeed,
  { env, now, sleep, stderr, interrupted }: LoginSurroundings,
): Promise<string> {
  const tell = (line: string) => void stderr.write(`${line}\n`);
  return (await session({ ...need, configPath: configPath(env), now, sleep, interrupted, tell })).token;
}

/** Where sessions with control planes elsewhere are kept (XDG Base Directory Specification). */
const configPath = (env: LoginSurroundings['env']) =>
  join(env['XDG_CONFIG_HOME'] || join(env['HOME'] ?? '.', '.config'), 'tradepulse');
