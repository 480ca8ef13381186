import { type Ed25519Verifier, ed25519Verifier } from '../crypto/ed25519.ts';
import { sha256 } from '../crypto/sha256.ts';

/** A key that signs notes (C2SP signed-note, signature type 1: Ed25519). */
export type NoteKey = {
  readonly name: string;
  /** The first four bytes, in hex, of SHA-256(name, line feed, 01, key). */
  readonly id: string;
  /** As it is written down: `name+id+base64(01, key)`. */
  readonly vkey: string;
  readonly verifies: Ed25519Verifier;
};

/** A note taken apart, not yet verified. `text` is what is signed, its last line feed included. */
export type SignedNote = {
  readonly text: string;
  readonly signatures: readonly { readonly name: string; readonly id: string; readonly signature: Uint8Array }[];
};

const ED25519 = 0x01;
const SIGNATURE_LINE = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u;
const MOST_SIGNATURES = 16;
const MOST_CHARACTERS = 16_384;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the very characters that a note may not hold
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;

/** The key of that name with those 32 bytes. Nothing when the name or the bytes cannot be a key's. */
export function noteKey(name: string, key: Uint8Array): NoteKey | undefined {
  const verifies = ed25519Verifier(key);
  if (!verifies || !/^[^\s+]+$/u.test(name)) return undefined;
  const id = sha256(name, '\n', Uint8Array.of(ED25519), key).subarray(0, 4).toString('hex');
  const vkey = `${name}+${id}+${Buffer.concat([Uint8Array.of(ED25519), key]).toString('base64')}`;
  return { name, id, vkey, verifies };
}

/** Reads a key as it is written down. Nothing when the text is no such key, or its id belongs to another one. */
export function noteKeyIn(vkey: string): NoteKey | undefined {
  const [, name = '', , data = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/u.exec(vkey) ?? [];
  const bytes = Buffer.from(data, 'base64');
  const key = bytes[0] === ED25519 ? noteKey(name, bytes.subarray(1)) : undefined;
  return key?.vkey === vkey ? key : undefined;
}

/** A note: the text (whole lines) with one signature line for each of the keys, in their order. */
export const signedNote = (text: string, signatures: readonly { key: NoteKey; signature: Uint8Array }[]): string =>
  `${text}\n${signatures.map(({ key, signature }) => signatureLine(key, signature)).join('')}`;

const signatureLine = ({ name, id }: NoteKey, signature: Uint8Array): string =>
  `— ${name} ${Buffer.concat([Buffer.from(id, 'hex'), signature]).toString('base64')}\n`;

/** Takes a note apart; nothing when it is none: over 16,384 characters, control characters, no signature, over 16 of them, base64 that is not canonical. */
export function signedNoteIn(note: string): SignedNote | undefined {
  if (note.length > MOST_CHARACTERS || CONTROL.test(note) || !note.isWellFormed()) return undefined;
  const split = note.lastIndexOf('\n\n');
  if (split < 1 || !note.endsWith('\n')) return undefined;
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length > MOST_SIGNATURES) return undefined;
  const signatures = lines.flatMap((line) => signatureIn(line) ?? []);
  return signatures.length === lines.length ? { text: note.slice(0, split + 1), signatures } : undefined;
}

function signatureIn(line: string): SignedNote['signatures'][number] | undefined {
  const [, name, data = ''] = SIGNATURE_LINE.exec(line) ?? [];
  const bytes = Buffer.from(data, 'base64');
  if (name === undefined || bytes.length < 5 || bytes.toString('base64') !== data) return undefined;
  return { name, id: bytes.subarray(0, 4).toString('hex'), signature: bytes.subarray(4) };
}

/** Which of the keys have signed the note. A signature that names one of them and does not verify counts against the whole note: nothing. */
export function signersOf({ text, signatures }: SignedNote, keys: readonly NoteKey[]): NoteKey[] {
  const message = Buffer.from(text);
  const named = signatures.flatMap(({ name, id, signature }) => {
    const key = keys.find((each) => each.name === name && each.id === id);
    return key ? [{ key, right: key.verifies(message, signature) }] : [];
  });
  return named.every(({ right }) => right) ? named.map(({ key }) => key) : [];
}
