import type { ApiClient } from '../api-client.ts';
import type { Context } from '../context.ts';
import { type JudgingKeys, keysOfControlPlane } from './checkpoint-keys.ts';
import { readKeys } from './read-keys.ts';

/** The keys of a file, or, without one, those that the control plane names: then it vouches for itself, and that is said. */
export async function judgingKeys(
  { surroundings }: Context,
  api: ApiClient,
  file: string | undefined,
): Promise<JudgingKeys> {
  if (file !== undefined) return { keys: await readKeys(file), fromOutside: true };
  surroundings.stderr.write(
    'the keys come from the control plane itself: give --keys with those you wrote down to rely on nobody\n',
  );
  return { keys: await keysOfControlPlane(api), fromOutside: false };
}
