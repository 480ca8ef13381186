import Table from 'cli-table3';
import type { Paint } from './marks.ts';

export type Row = readonly (string | number | null | undefined)[];

const PLAIN = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', 'left-mid': '', mid: '', 'mid-mid': '' },
  ...{ right: '', 'right-mid': '', middle: '  ' },
};

/** Columns without a frame, so that `cut`, `grep` and a pipe stay useful. An empty list says so in words. */
export function table(paint: Paint, head: readonly string[], rows: readonly Row[], empty: string): string {
  if (rows.length === 0) return empty;
  const lines = new Table({ chars: PLAIN, style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 } });
  lines.push(head.map((name) => paint('bold', name.toUpperCase())));
  for (const row of rows) lines.push(row.map((cell) => String(cell ?? '-')));
  return trimmed(lines.toString());
}

/** `name   value` lines, names aligned; pairs without a value are left out. */
export function pairs(
  paint: Paint,
  entries: readonly (readonly [name: string, value: string | number | null | undefined])[],
): string {
  const known = entries.filter(([, value]) => value != null && value !== '');
  const width = Math.max(...known.map(([name]) => name.length)) + 2;
  return known.map(([name, value]) => `${paint('dim', name.padEnd(width))}${value}`).join('\n');
}

const trimmed = (text: string) => text.replaceAll(/[ \t]+$/gm, '');
