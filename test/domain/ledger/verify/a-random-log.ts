import type { BundleHeader } from '../../../../domain/ledger/bundle/bundle-header.ts';
import { type ALog, aKeyChange, aLog, anApproval, anEntry, bundleOf, KEYS } from './a-ledger.ts';

/** Random numbers that a seed decides: the same in every run (mulberry32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A whole number from 0 to below `sides`. */
  roll(sides: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.roll(items.length)] as Item;
  }

  chance(oneIn: number): boolean {
    return this.roll(oneIn) === 0;
  }
}

const TICKETS = ['CHG-1', 'CHG-2'];
const PAYLOADS: readonly Record<string, unknown>[] = [
  { note: 'plain', n: 1.5, list: [1, 'two', null, { deep: true }] },
  { '10': 'integer-like names', '9': 'sort as text', a: '"quoted" \\ud800 is text' },
  { note: 'Grüße, 見よ 🚀', tiny: 1e-7, huge: 1e21, '\u20ac': '\u0001' },
  {},
];

/** A log of `min` to 60 entries with checkpoints at random sizes, up to two changes of key, approvals, tickets, all kinds of text. */
export function aRandomLog(seed: number, min = 0): ALog & { dice: Dice } {
  const dice = new Dice(seed);
  const size = min + dice.roll(61 - min);
  let keys = 0;
  const entries = Array.from({ length: size }, (_, seq) => {
    const ticket = dice.chance(2) ? { ticket: dice.pick(TICKETS) } : {};
    const [from, to] = [KEYS[keys], KEYS[keys + 1]];
    if (from && to && dice.chance(30)) {
      keys += 1;
      return aKeyChange(seq, from, to);
    }
    return dice.chance(4) ? anApproval(seq, ticket) : anEntry(seq, { ...ticket, payload: dice.pick(PAYLOADS) });
  });
  const often = 4 + dice.roll(30);
  const sizes = Array.from({ length: size }, (_, at) => at).filter(() => dice.chance(often));
  return { ...aLog(entries, [...sizes, size]), dice };
}

/** A header that asks for all, for a range, for a ticket, or for both. */
export function aRandomSelection(dice: Dice, size: number): Partial<BundleHeader> {
  const [one, other] = [dice.roll(size + 1), dice.roll(size + 1)];
  const range = dice.chance(2) ? { from: Math.min(one, other), to: Math.max(one, other) } : {};
  return dice.chance(2) ? range : { ...range, ticket: dice.pick(TICKETS) };
}

const pool = new Map<number, Promise<PooledLog>>();

export type PooledLog = ALog & { lines: readonly string[] };

/** One of two hundred random logs with its bundle, made once: an attack needs a random place, not a fresh log. */
export function aPooledLog(seed: number): Promise<PooledLog> {
  const number = seed % 200;
  const known = pool.get(number);
  if (known) return known;
  const { entries, checkpoints } = aRandomLog(number + 1_000, 3);
  const made = bundleOf({ entries, checkpoints }).then((lines) => ({ entries, checkpoints, lines }));
  pool.set(number, made);
  return made;
}
