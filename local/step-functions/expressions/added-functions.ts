import { createHash } from 'node:crypto';
import jsonata from 'jsonata';
import type { Ports } from '../clock.ts';

const HASHES: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};
const LONGEST_RANGE = 1000;
const format = jsonata('$fromMillis($at, $picture, $timezone)');

/** The functions Step Functions adds to JSONata, and those of JSONata that must follow the ports. */
export function addedFunctions({ clock, random, id }: Ports): Record<string, unknown> {
  return {
    partition,
    range,
    hash,
    parse: (text: unknown) => (text === undefined ? undefined : JSON.parse(asString(text, 'parse'))),
    uuid: () => id(),
    random: (seed?: unknown) => (seed === undefined ? random() : seeded(asNumber(seed, 'random'))),
    millis: () => clock.now(),
    now: (picture?: unknown, timezone?: unknown) => format.evaluate({}, { at: clock.now(), picture, timezone }),
  };
}

function partition(list: unknown, size: unknown) {
  if (list === undefined) return undefined;
  const items = Array.isArray(list) ? list : [list];
  const length = asNumber(size, 'partition');
  if (length < 1) throw new RangeError('$partition needs a size of at least 1');
  return Array.from({ length: Math.ceil(items.length / Math.floor(length)) }, (_, index) =>
    items.slice(index * Math.floor(length), (index + 1) * Math.floor(length)),
  );
}

function range(start: unknown, end: unknown, step: unknown) {
  const [from, to, by] = [asNumber(start, 'range'), asNumber(end, 'range'), asNumber(step, 'range')];
  if (by === 0) throw new RangeError('$range needs a step other than 0');
  const length = Math.max(0, Math.floor((to - from) / by) + 1);
  if (length > LONGEST_RANGE) throw new RangeError(`$range yields at most ${LONGEST_RANGE} numbers`);
  return Array.from({ length }, (_, index) => from + index * by);
}

function hash(data: unknown, algorithm: unknown) {
  if (data === undefined) return undefined;
  const name = asString(algorithm, 'hash');
  const known = Object.hasOwn(HASHES, name) ? HASHES[name] : undefined;
  if (!known) throw new RangeError(`$hash knows [${Object.keys(HASHES).join(', ')}], not ${name}`);
  return createHash(known)
    .update(typeof data === 'string' ? data : JSON.stringify(data))
    .digest('hex');
}

/** The same seed always yields the same number in [0, 1): 52 bits of a SHA-256. AWS does not publish its generator. */
function seeded(seed: number) {
  const digest = createHash('sha256').update(String(seed)).digest('hex');
  return Number.parseInt(digest.slice(0, 13), 16) / 2 ** 52;
}

function asNumber(value: unknown, name: string): number {
  if (typeof value !== 'number') throw new TypeError(`$${name} needs a number, not ${JSON.stringify(value)}`);
  return value;
}

function asString(value: unknown, name: string): string {
  if (typeof value !== 'string') throw new TypeError(`$${name} needs a string, not ${JSON.stringify(value)}`);
  return value;
}
