/** The marks of TradePulse's own commands: under way, done, failed, done but look at it. Each reads without colour. */
export const MARKS = { running: '▶', succeeded: '✓', failed: '✖', warned: '!' } as const;
export type Mark = keyof typeof MARKS;

const COLOURS = {
  running: '36',
  succeeded: '32',
  failed: '31',
  dim: '2',
  bold: '1',
  warn: '33',
  warned: '33',
} as const;
export type Paint = (colour: keyof typeof COLOURS, text: string) => string;

/** Colour is decoration only: off on a pipe, with NO_COLOR (no-color.org), and on a dumb terminal. */
export const painter = (enabled: boolean): Paint =>
  enabled ? (colour, text) => `\u001b[${COLOURS[colour]}m${text}\u001b[0m` : (_colour, text) => text;

/** One line of progress: mark, what, how long it took. */
export const stepLine = (paint: Paint, mark: Mark, text: string, durationMs?: number | null): string =>
  `${paint(mark, MARKS[mark])} ${text}${durationMs == null ? '' : paint('dim', ` (${duration(durationMs)})`)}`;

/** A duration a person can read, from milliseconds: `840 ms`, `2.4 s`, `3 min 05 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/** A time in UTC to the second, and nothing else: `2026-11-23 14:05:09Z`. Text that is no time is given back as it is. */
export function utc(time: string | Date | null | undefined): string {
  if (time == null) return '-';
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : `${date.toISOString().slice(0, 19).replace('T', ' ')}Z`;
}
