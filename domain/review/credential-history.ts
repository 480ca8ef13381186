import * as z from 'zod';
import type { StoredEntry } from './stored-entry.ts';

const Change = z.object({
  id: z.string(),
  type: z.string(),
  owner: z.string().optional(),
  publicKey: z.string(),
});

/** An authenticator or device as the log `desk` alone tells it: whose key it is, who brought it and who else approved it, and since when. */
export type KnownKey = {
  readonly owner: string | undefined;
  readonly publicKey: string;
  readonly enrolledBy: string;
  readonly approvedBy?: string;
  readonly approvedAt?: string;
  readonly revokedAt?: string;
};

/** Every key that the log `desk` knows, by the id of its credential. Entries that are not what was written tell nothing. */
export function credentialHistory(desk: readonly StoredEntry[]): ReadonlyMap<string, KnownKey> {
  const keys = new Map<string, KnownKey>();
  for (const { entry, altered } of desk) {
    const change = entry.type.startsWith('credential.') && !altered ? Change.safeParse(entry.payload).data : undefined;
    if (!change) continue;
    const known = keys.get(change.id);
    if (entry.type === 'credential.enrolled')
      keys.set(change.id, { owner: change.owner, publicKey: change.publicKey, enrolledBy: entry.actor });
    else if (known?.publicKey === change.publicKey) keys.set(change.id, { ...known, ...standing(entry) });
  }
  return keys;
}

const standing = ({ type, actor, at }: StoredEntry['entry']): Partial<KnownKey> =>
  type === 'credential.approved' ? { approvedBy: actor, approvedAt: at } : { revokedAt: at };

/** A proof, as far as it names the key that made it. */
export type ByKey = { readonly id: string; readonly publicKey: string; readonly subject?: string | undefined };

/** Why a key carried nothing at that moment, if it did not: the log never knew it, it is somebody else's, nobody approved it, or it was revoked. */
export function wrongKey(
  keys: ReadonlyMap<string, KnownKey>,
  { id, publicKey, subject }: ByKey,
  at: string,
): string | undefined {
  const known = keys.get(id);
  if (!known) return 'is by a key that was never enrolled';
  if (known.publicKey !== publicKey) return 'names another key than the one that was enrolled';
  if (subject !== undefined && known.owner !== subject) return 'is by the key of somebody else';
  if (known.approvedAt === undefined || known.approvedAt > at) return 'is by a key that nobody had approved';
  if (known.revokedAt !== undefined && known.revokedAt <= at)
    return `is by a key that was revoked at ${known.revokedAt}`;
  return undefined;
}
