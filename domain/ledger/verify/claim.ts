import type { Selection } from '../bundle/selection.ts';

/** What is said to be verified: a log of `size` entries, of which those that were asked for are shown. */
export type Claim = Selection & { readonly log: string; readonly origin: string; readonly size: number };

/** The ledger's name, which its keys have: the origin without the log. */
export const ledgerOf = ({ log, origin }: Pick<Claim, 'log' | 'origin'>): string => origin.slice(0, -1 - log.length);
