import { InvalidArgumentError } from 'commander';

const MS = { h: 3_600_000, d: 86_400_000 } as const;

/** How long something counts, in milliseconds, from `12h` or `7d`; at most a year. */
export function expiry(text: string): number {
  const [, count = '', unit = ''] = /^([1-9][0-9]{0,3})([hd])$/.exec(text) ?? [];
  const ms = Number(count) * (unit === 'h' ? MS.h : MS.d);
  if (count === '' || ms > 366 * MS.d) throw new InvalidArgumentError('it has to be like 12h or 7d, a year at most.');
  return ms;
}
