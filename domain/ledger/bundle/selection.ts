/** The entries of a log that were asked for: `[from, to)`, and of those, where a ticket is named, the ones of that ticket. */
export type Selection = { readonly from: number; readonly to: number; readonly ticket?: string | undefined };

/** The type of the entry that announces a change of the signing key (docs/ledger-format.md section 3). */
export const KEY_CHANGE = 'checkpoint-key.rotated';

/** Whether a bundle of that selection shows the entry. A change of key is always shown, since checkpoints after it cannot be judged without. */
export const isAskedFor = (
  { from, to, ticket }: Selection,
  index: number,
  entry: { readonly type: string; readonly ticket?: string | undefined },
): boolean =>
  entry.type === KEY_CHANGE || (index >= from && index < to && (ticket === undefined || entry.ticket === ticket));
