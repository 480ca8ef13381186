/** UTF-16 code units of the longest name of a ledger. */
const MOST_UNITS = 200;
const ORIGIN = /^(?<ledger>[^\s+\p{Cc}]+)\/(?<log>[a-z][a-z0-9-]{0,39})$/u;

/** The log's id in an origin `<ledger>/<log>` (docs/ledger-format.md section 4); nothing where the text is no origin. */
export function logOfOrigin(origin: string): string | undefined {
  const { ledger = '', log } = ORIGIN.exec(origin)?.groups ?? {};
  return ledger.length <= MOST_UNITS ? log : undefined;
}
