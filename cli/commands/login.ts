import { accessTokenClaims } from '../access-token-claims.ts';
import { type Context, tokenNeed } from '../context.ts';
import { utc } from '../output/marks.ts';

/** Who logs in wants a new login, but not one for each time they ask. */
const FRESH_SECONDS = 60;

/** Logs in with a second factor of now, keeps the session for the commands that follow, and says as whom. */
export async function login({ options, surroundings, out }: Context): Promise<void> {
  const scopes = ['control-plane/read', 'control-plane/operate', 'control-plane/kill'];
  const token = await surroundings.accessToken(tokenNeed(options, scopes, FRESH_SECONDS));
  const { sub, roles, exp, authTime } = accessTokenClaims(token);
  const who = `${options.as ?? sub}, ${roles.join(' and ') || 'without a role'}`;
  const said = { subject: sub, roles, authTime, expiresAt: exp };
  out.step('succeeded', `logged in as ${who}; second factor shown at ${utc(authTime)}`, undefined, said);
}
