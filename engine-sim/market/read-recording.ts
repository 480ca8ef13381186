import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import type { Bar } from './market-feed.ts';

/** One row of a recording: a quote, or a bar if it has high and low. Epoch milliseconds. */
export type RecordedRow = { readonly at: number; readonly bid: number; readonly ask: number; readonly bar?: Bar };

type Column = 'at' | 'open' | 'high' | 'low' | 'close' | 'volume' | 'bid' | 'ask' | 'price';

/** How a column may be called, by what it means; matched without regard to case, spaces, dashes and underscores. */
const NAMES: readonly (readonly [Column, readonly string[]])[] = [
  ['at', ['timestamp', 'timestamputc', 'time', 'datetime', 'date', 'ts', 'opentime']],
  ['open', ['open', 'o']],
  ['high', ['high', 'h']],
  ['low', ['low', 'l']],
  ['close', ['close', 'c']],
  ['volume', ['volume', 'vol', 'v', 'size', 'quantity']],
  ['bid', ['bid', 'bidprice', 'bestbid']],
  ['ask', ['ask', 'askprice', 'offer', 'bestask']],
  ['price', ['price', 'last', 'mid']],
];

/**
 * Reads a CSV of bars, quotes or prices, oldest row first. Throws, naming file and line, on a file without the columns it
 * needs, and on rows that are unreadable or go back in time: a wrong recording must not trade.
 */
export function readRecording(file: string): readonly RecordedRow[] {
  const [header = [], ...lines] = parse(readFileSync(file), {
    bom: true,
    skip_empty_lines: true,
    relax_column_count: true,
    trim: true,
  });
  const columns = detectColumns(header);
  const kind = kindOf(columns);
  if (!kind)
    throw new Error(
      `${file} has the columns ${header.join(', ')}: needed are a time, and open/high/low/close or bid/ask or price`,
    );
  const rows = lines.map((line, index) => readRow(line, columns, kind, `${file}:${index + 2}`));
  if (rows.length === 0) throw new Error(`${file} holds no rows`);
  rows.forEach((row, index) => {
    if (row.at < (rows[index - 1]?.at ?? 0)) throw new Error(`${file}:${index + 2} goes back in time; sort the file`);
  });
  return rows;
}

function detectColumns(header: readonly string[]): ReadonlyMap<Column, number> {
  const plain = header.map((name) => name.toLowerCase().replaceAll(/[\s_-]/g, ''));
  const found = new Map<Column, number>();
  for (const [column, names] of NAMES) {
    const index = plain.findIndex((name) => names.includes(name));
    if (index >= 0) found.set(column, index);
  }
  return found;
}

type Kind = 'bars' | 'quotes' | 'prices';

function kindOf(columns: ReadonlyMap<Column, number>): Kind | undefined {
  const has = (...names: Column[]) => names.every((name) => columns.has(name));
  if (!has('at')) return undefined;
  if (has('open', 'high', 'low', 'close')) return 'bars';
  if (has('bid', 'ask')) return 'quotes';
  return has('price') ? 'prices' : undefined;
}

function readRow(
  line: readonly string[],
  columns: ReadonlyMap<Column, number>,
  kind: Kind,
  where: string,
): RecordedRow {
  const number = (column: Column) => {
    const value = Number(line[columns.get(column) ?? -1] || Number.NaN);
    if (!Number.isFinite(value) || value <= 0) throw new Error(`${where}: ${column} is not a price`);
    return value;
  };
  const at = instantOf(line[columns.get('at') ?? -1] ?? '');
  if (Number.isNaN(at)) throw new Error(`${where}: the time is not readable`);
  if (kind === 'quotes') return { at, bid: number('bid'), ask: number('ask') };
  if (kind === 'prices') return { at, bid: number('price'), ask: number('price') };
  const open = number('open');
  const volume = columns.has('volume') ? Number(line[columns.get('volume') ?? -1]) || 0 : 1; // not told: traded, as far as anybody knows
  const bar = { at, open, high: number('high'), low: number('low'), close: number('close'), volume };
  return { at, bid: open, ask: open, bar }; // at the start of its minute only the open is known
}

/** ISO text or `YYYY-MM-DD hh:mm:ss[.ffffff]`, UTC unless it names a zone; or epoch seconds, milliseconds, micro- or nanoseconds. */
function instantOf(text: string): number {
  if (/^\d{9,19}(\.\d+)?$/.test(text)) {
    const value = Number(text);
    const digits = Math.trunc(value).toString().length;
    return digits <= 11 ? value * 1000 : value / 10 ** Math.max(0, digits - 13);
  }
  const iso = text.replace(' ', 'T').replace(/(\.\d{3})\d+/, '$1');
  const hasZone = /(Z|[+-]\d{2}:?\d{2})$/.test(iso);
  return Date.parse(hasZone || !iso.includes('T') ? iso : `${iso}Z`);
}
