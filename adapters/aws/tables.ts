/** The two tables (architecture section 3). */
export type Tables = { readonly control: string; readonly ledger: string };

/** Sort key of a ledger entry: its sequence in 16 digits, so that text order is number order. */
export const sequence = (index: number): string => String(index).padStart(16, '0');

/** The index of the control table that lists one kind of item, newest last. */
export const LIST_INDEX = 'list';
