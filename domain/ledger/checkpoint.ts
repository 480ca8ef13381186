/** A log's Merkle tree at one size: what is signed (C2SP tlog-checkpoint). `root` in hex. */
export type Checkpoint = { readonly origin: string; readonly size: number; readonly root: string };

/** The text of a checkpoint: origin, size and root in lines of their own, no extension lines. The same tree gives the same bytes. */
export const checkpointText = ({ origin, size, root }: Checkpoint): string =>
  `${origin}\n${size}\n${Buffer.from(root, 'hex').toString('base64')}\n`;

/** Reads the text of a checkpoint. Nothing when it is none; extension lines are allowed, and left out. */
export function checkpointIn(text: string): Checkpoint | undefined {
  const [, origin = '', size = '', root = ''] =
    /^([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n(?:[^\n]+\n)*$/.exec(text) ?? [];
  const bytes = Buffer.from(root, 'base64');
  if (origin === '' || !Number.isSafeInteger(Number(size)) || bytes.toString('base64') !== root) return undefined;
  return { origin, size: Number(size), root: bytes.toString('hex') };
}

/** The origin of a log: the ledger's name and the log's. */
export const originOf = (ledger: string, log: string): string => `${ledger}/${log}`;
