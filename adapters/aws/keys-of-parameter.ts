import { ActorId } from '../../domain/ids.ts';
import { TrustedKey } from '../../domain/manifest/trusted-key.ts';

/** When a key without dates begins to count. */
const ALWAYS = '1970-01-01T00:00:00.000Z';

/**
 * The keys in the parameter TrustedManifestKeys, `[ci:]<key>=<holder>` each, separated by commas: for an installation whose keys
 * are made when it first starts. Throws at anything else, since a key that is quietly left out looks like one that nobody trusts.
 */
export const keysOfParameter = (text: string): TrustedKey[] =>
  text
    .split(',')
    .filter((each) => each !== '')
    .map((each, index) => {
      const { use, publicKey, holder } =
        /^(?<use>ci:)?(?<publicKey>[A-Za-z0-9+/]{59}=)=(?<holder>[A-Za-z0-9:_-]+)$/.exec(each)?.groups ?? {};
      return TrustedKey.parse({
        id: `installation-${index + 1}`,
        use: use === undefined ? 'manifest' : 'ci',
        publicKey,
        holder: ActorId.parse(holder),
        from: ALWAYS,
      });
    });
