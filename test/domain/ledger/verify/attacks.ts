import { canonicalJson } from '../../../../domain/ledger/canonical-json.ts';
import { LogId } from '../../../../domain/ledger/ledger-entry.ts';
import { leafHash } from '../../../../domain/ledger/merkle.ts';
import type { Trust } from '../../../../domain/ledger/verify/held-evidence.ts';
import {
  type ALog,
  aCheckpoint,
  aKeyChange,
  aLog,
  anApproval,
  anEntry,
  bundleOf,
  FIRST,
  KEYS,
  LEDGER,
  SECOND,
  STRANGER,
  trust,
} from './a-ledger.ts';
import type { Dice, PooledLog } from './a-random-log.ts';

/** What an attacker hands over, and what the auditor knows from outside. */
export type Attacked = { lines: readonly string[]; outside?: Trust };
export type Attack = (log: PooledLog, dice: Dice) => Attacked | Promise<Attacked>;

const receipt = (index: number, text: string) => ({
  log: LogId.parse('btc-momentum'),
  index,
  leafHash: leafHash(text),
});
const changed = (text: string, change: Record<string, unknown>) => canonicalJson({ ...JSON.parse(text), ...change });
const notesOf = ({ checkpoints }: ALog) => checkpoints.map(({ note }) => note);

/** Where in the lines of a whole bundle the entries stand. */
const entryLines = (lines: readonly string[]) =>
  lines.flatMap((line, at) => (at > 0 && line.startsWith('{') ? [at] : []));

/** The log with other entries, signed anew by the true keys: what only somebody with the key can do. */
const signedAnew = ({ checkpoints }: ALog, entries: readonly string[]): ALog =>
  aLog(entries, [...new Set(checkpoints.map(({ size }) => Math.min(size, entries.length)))], FIRST);

/** Entries that are no change of key: an attack on those is an attack of its own. */
const plain = (entries: readonly string[]) =>
  entries.flatMap((text, index) => (text.includes('checkpoint-key.rotated') ? [] : [index]));

/** What anybody can do who gets hold of a bundle, by what it does. */
export const ATTACKS_WITHOUT_KEY: Readonly<Record<string, Attack>> = {
  'edits an entry': ({ lines }, dice) => {
    const at = dice.pick(entryLines(lines));
    return { lines: lines.with(at, changed(lines[at] ?? '', { payload: { edited: dice.roll(9) } })) };
  },
  'changes one character of an entry': ({ lines }, dice) => {
    const at = dice.pick(entryLines(lines));
    const text = lines[at] ?? '';
    const place = dice.roll(text.length);
    const other = dice.pick([...'01ax"{}: ,\\é'].filter((each) => each !== text[place]));
    return { lines: lines.with(at, text.slice(0, place) + other + text.slice(place + 1)) };
  },
  'deletes an entry': ({ lines }, dice) => ({ lines: lines.toSpliced(dice.pick(entryLines(lines)), 1) }),
  'deletes an entry and makes the header fit': ({ lines }, dice) => {
    const { size, to, ...header } = JSON.parse(lines[0] ?? '');
    const rest = lines.toSpliced(dice.pick(entryLines(lines)), 1);
    return { lines: rest.with(0, canonicalJson({ ...header, size: size - 1, to: to - 1 })) };
  },
  'swaps two entries': ({ lines }, dice) => {
    const at = entryLines(lines);
    const one = dice.pick(at);
    const other = dice.pick(at.filter((each) => each !== one));
    return { lines: lines.with(one, lines[other] ?? '').with(other, lines[one] ?? '') };
  },
  'replays an entry': ({ lines }, dice) => {
    const text = lines[dice.pick(entryLines(lines))] ?? '';
    return { lines: lines.toSpliced(1 + dice.roll(lines.length), 0, text) };
  },
  'replays an entry in the place of another': ({ lines }, dice) => {
    const at = entryLines(lines);
    const one = dice.pick(at);
    return { lines: lines.with(one, lines[dice.pick(at.filter((each) => each !== one))] ?? '') };
  },
  'cuts off lines at the end': ({ lines }, dice) => ({ lines: lines.slice(0, -1 - dice.roll(lines.length)) }),
  'hands over nothing but the header': ({ lines }) => ({ lines: lines.slice(0, 1) }),
  'forges a checkpoint over edited entries': async (log, dice) => {
    const index = dice.pick(plain(log.entries));
    const entries = log.entries.with(index, changed(log.entries[index] ?? '', { payload: { forged: true } }));
    const signer = dice.chance(2) ? STRANGER : { ...STRANGER, key: FIRST.key };
    const checkpoints = log.checkpoints.map(({ size, note }) =>
      size > index ? { size, note: aCheckpoint(entries.slice(0, size), [signer]) } : { size, note },
    );
    return { lines: await bundleOf({ entries, checkpoints }) };
  },
  'signs everything with a key of its own': async (log) => {
    const checkpoints = log.checkpoints.map(({ size }) => ({
      size,
      note: aCheckpoint(log.entries.slice(0, size), [STRANGER]),
    }));
    return { lines: await bundleOf({ ...log, checkpoints }) };
  },
  'announces a key of its own': async (log, dice) => {
    const index = dice.roll(log.entries.length);
    const entries = log.entries.with(index, aKeyChange(index, FIRST, STRANGER));
    const checkpoints = log.checkpoints.map(({ size, note }) =>
      size > index ? { size, note: aCheckpoint(entries.slice(0, size), [STRANGER]) } : { size, note },
    );
    return { lines: await bundleOf({ entries, checkpoints }) };
  },
  're-dates an entry': ({ lines }, dice) => {
    const at = dice.pick(entryLines(lines));
    const time = new Date(1_700_000_000_000 + dice.roll(1_000_000_000)).toISOString();
    return { lines: lines.with(at, changed(lines[at] ?? '', { at: time })) };
  },
  'alters a receipt': ({ lines, entries }, dice) => {
    const index = dice.roll(entries.length);
    const right = receipt(index, entries[index] ?? '');
    const place = dice.roll(64);
    const digit = dice.pick([...'0123456789abcdef'].filter((each) => each !== right.leafHash[place]));
    const leafHash = right.leafHash.slice(0, place) + digit + right.leafHash.slice(place + 1);
    return {
      lines,
      outside: trust({
        receipts: [dice.chance(2) ? { ...right, leafHash } : { ...right, index: index + 1 + dice.roll(9) }],
      }),
    };
  },
  'hides an entry behind its hash': ({ lines }, dice) => {
    const at = entryLines(lines);
    const one = dice.pick(at);
    const index = at.indexOf(one);
    return { lines: lines.with(one, JSON.stringify([index, index + 1, [leafHash(lines[one] ?? '')]])) };
  },
  'changes a hash of what is left out': async (log, dice) => {
    const lines = await bundleOf(log, { from: 0, to: 0 });
    const at = dice.pick(
      lines
        .flatMap((line, place) => (line.startsWith('[') ? [place] : []))
        .concat(lines.some((line) => line.startsWith('[')) ? [] : [0]),
    );
    const place = (lines[at] ?? '').lastIndexOf('"') - 1 - dice.roll(64);
    const digit = dice.pick([...'0123456789abcdef'].filter((each) => each !== lines[at]?.[place]));
    return { lines: lines.with(at, (lines[at] ?? '').slice(0, place) + digit + (lines[at] ?? '').slice(place + 1)) };
  },
  'shows an entry that was not asked for': async (log, dice) => {
    const index = dice.pick(plain(log.entries));
    const lines = await bundleOf(log);
    const { to, from, ...header } = JSON.parse(lines[0] ?? '');
    const asked = dice.chance(2) ? { from: index + 1, to } : { from, to: index };
    return { lines: lines.with(0, canonicalJson({ ...header, ...asked })) };
  },
  'moves a checkpoint': ({ lines }, dice) => {
    const notes = lines.flatMap((line, at) => (line.startsWith('"') ? [at] : []));
    const one = dice.pick(notes);
    const other = 1 + dice.roll(lines.length - 1);
    const others = lines.toSpliced(one, 1);
    const moved = others.toSpliced(other === one ? Math.max(1, other - 1) : other, 0, lines[one] ?? '');
    return { lines: moved.join() === lines.join() ? lines.slice(0, -1) : moved };
  },
};

/** What only the holder of the signing key can do, by what it does. Where the result is sound in itself, the auditor has kept something. */
export const ATTACKS_WITH_KEY: Readonly<Record<string, Attack>> = {
  'hands over an older bundle': async (log, dice) => {
    const older = log.checkpoints.slice(0, -1 - dice.roll(log.checkpoints.length - 1));
    const size = older.at(-1)?.size ?? 0;
    const lines = await bundleOf({
      entries: log.entries,
      checkpoints: older.length > 0 ? older : [{ size: 0, note: aCheckpoint([], [FIRST]) }],
    });
    const kept = dice.pick(
      log.entries
        .map((_, index) => index)
        .filter((index) => index >= size)
        .concat(log.entries.length - 1),
    );
    const outside = dice.chance(2)
      ? trust({ held: notesOf(log).slice(-1), keys: KEYS })
      : trust({ receipts: [receipt(kept, log.entries[kept] ?? '')] });
    return size === log.entries.length ? { lines: lines.slice(0, -1) } : { lines, outside };
  },
  'hands over an empty log': async (log, dice) => {
    const lines = await bundleOf(aLog([], [0]));
    return {
      lines,
      outside: dice.chance(2)
        ? trust({ held: notesOf(log).slice(-1), keys: KEYS })
        : trust({ receipts: [receipt(0, log.entries[0] ?? '')] }),
    };
  },
  'goes on with another log': async (log, dice) => {
    const from = dice.roll(log.entries.length);
    const entries = log.entries.map((text, index) => (index < from ? text : changed(text, { log: 'desk' })));
    return { lines: await bundleOf(signedAnew(log, entries)) };
  },
  'puts the checkpoints of another log in': async (log) => {
    const other = aLog(
      log.entries,
      log.checkpoints.map(({ size }) => size),
      FIRST,
      `${LEDGER}/desk`,
    );
    return { lines: await bundleOf(other) };
  },
  'writes a second history with the signing key': async (log, dice) => {
    const index = dice.pick(plain(log.entries));
    const forked = signedAnew(
      log,
      log.entries.with(index, changed(log.entries[index] ?? '', { payload: { forked: true } })),
    );
    const kept = dice.pick(log.checkpoints.filter(({ size }) => size > index));
    const outside = dice.chance(2)
      ? trust({ held: [kept.note], keys: KEYS })
      : trust({ receipts: [receipt(index, log.entries[index] ?? '')] });
    return { lines: await bundleOf(forked), outside };
  },
  'goes on with a key that was handed on': async (log, dice) => {
    const index = dice.roll(log.entries.length - 1);
    const entries = log.entries.map((_, seq) => (seq === index ? aKeyChange(seq, FIRST, SECOND) : anEntry(seq)));
    const checkpoints = [index + 1, entries.length].map((size, after) => ({
      size,
      note: aCheckpoint(entries.slice(0, size), after === 0 ? [FIRST, SECOND] : [FIRST]),
    }));
    return { lines: await bundleOf({ entries, checkpoints }) };
  },
  'gives two entries one number, with the signing key': async (log, dice) => {
    const index = dice.pick(plain(log.entries).filter((each) => each > 0));
    const entries = log.entries.with(index, changed(log.entries[index] ?? '', { seq: dice.roll(index) }));
    return { lines: await bundleOf(signedAnew(log, entries)) };
  },
  'writes a member twice, with the signing key': async (log, dice) => {
    const index = dice.pick(plain(log.entries));
    const text = log.entries[index] ?? '';
    const twice = dice.chance(2) ? `{"actor":"sub-9",${text.slice(1)}` : `${text.slice(0, -1)},"v":1}`;
    return { lines: await bundleOf(signedAnew(log, log.entries.with(index, twice))) };
  },
  'writes an approval of somebody else, with the signing key': async (log, dice) => {
    const index = dice.pick(plain(log.entries));
    const proof = dice.pick([
      { subject: 'sub-2' },
      { digest: `sha256:${'cd'.repeat(32)}` },
      { authTime: 'yesterday' },
      { more: 1 },
    ]);
    return { lines: await bundleOf(signedAnew(log, log.entries.with(index, anApproval(index, {}, proof)))) };
  },
};
