/** What the address of a signing page says: which session, its secret, and what an authenticator to be enrolled may be called. */
export type PageAddress = { readonly session: string; readonly secret: string; readonly label: string };

/** Reads `/sign/<session>#<secret>` and `#<secret>&label=<label>`; nothing when a part is missing. */
export function readPageAddress({
  pathname,
  hash,
}: {
  readonly pathname: string;
  readonly hash: string;
}): PageAddress | undefined {
  const session = /\/sign\/([0-9A-Za-z_-]{8,64})$/.exec(pathname)?.[1];
  const [, secret, rest] = /^#([0-9A-Za-z_-]{16,})(?:&(.*))?$/.exec(hash) ?? [];
  if (session === undefined || secret === undefined) return undefined;
  return { session, secret, label: (new URLSearchParams(rest).get('label') ?? '').slice(0, 64) };
}
