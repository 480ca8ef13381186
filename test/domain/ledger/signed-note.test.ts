import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ed25519KeyIn } from '../../../domain/crypto/ed25519.ts';
import {
  type NoteKey,
  noteKey,
  noteKeyIn,
  signedNote,
  signedNoteIn,
  signersOf,
} from '../../../domain/ledger/signed-note.ts';

function pair(name = 'example.com/log'): { key: NoteKey; privateKey: KeyObject } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = noteKey(name, ed25519KeyIn(publicKey.export({ format: 'der', type: 'spki' })) ?? new Uint8Array());
  assert.ok(key);
  return { key, privateKey };
}
const signedBy = (text: string, ...pairs: ReturnType<typeof pair>[]) =>
  signedNote(
    text,
    pairs.map(({ key, privateKey }) => ({ key, signature: sign(null, Buffer.from(text), privateKey) })),
  );

const opened = (note: string) => signedNoteIn(note) ?? assert.fail('not a note');

describe('a signed note', () => {
  it('is read as Go reads it: the example of golang.org/x/mod/sumdb/note', () => {
    const key = noteKeyIn('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW');
    const text =
      "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    const line =
      '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

    assert.ok(key);
    assert.deepEqual(signersOf(opened(`${text}\n${line}`), [key]), [key]);
    assert.deepEqual(signersOf(opened(`${text.replace('not', 'always')}extra\n\n${line}`), [key]), []);
  });

  it('tells who of the trusted keys signed it, and ignores the others', () => {
    const [one, two, stranger] = [pair(), pair(), pair()];
    const note = opened(signedBy('a\n', one, stranger, two));

    assert.deepEqual(signersOf(note, [two.key, one.key]), [one.key, two.key]);
    assert.deepEqual(signersOf(note, [pair().key]), []);
  });

  it('is worth nothing when one signature that names a trusted key does not verify', () => {
    const [one, two] = [pair(), pair()];
    const forged = signedNote('a\n', [
      { key: one.key, signature: sign(null, Buffer.from('a\n'), one.privateKey) },
      { key: two.key, signature: sign(null, Buffer.from('b\n'), two.privateKey) },
    ]);

    assert.deepEqual(signersOf(opened(forged), [one.key, two.key]), []);
    assert.deepEqual(signersOf(opened(forged), [one.key]), [one.key]);
  });

  it('may hold empty lines: the signatures follow the last one', () => {
    const one = pair();

    assert.equal(opened(signedBy('a\n\nb\n', one)).text, 'a\n\nb\n');
  });

  const bad: Record<string, string> = {
    nothing: '',
    'a text without signatures': 'a\nb\n',
    'a signature without a text': '\n— n aaaaaaaa\n',
    'a line that is no signature': 'a\n\nnot a signature\n',
    'no last line feed': 'a\n\n— n AAAAAAAA',
    'a control character': 'a\u0007\n\n— n AAAAAAAA\n',
    'a carriage return': 'a\r\n\n— n AAAAAAAA\n',
    'a name with a plus': 'a\n\n— n+m AAAAAAAA\n',
    'a signature of four bytes': 'a\n\n— n AAAAAA==\n',
    'base64 of nine characters': 'a\n\n— n AAAAAAAAA\n',
    'base64 with too much padding': 'a\n\n— n AAAAAAAA==\n',
    'base64 without its padding': 'a\n\n— n AAAAAAA\n',
    'base64 with spare bits that are not zero': 'a\n\n— n AAAAAAB=\n',
    'seventeen signatures': `a\n\n${'— n AAAAAAAA\n'.repeat(17)}`,
    'too long a text': `${'a'.repeat(16_400)}\n\n— n AAAAAAAA\n`,
    'half a character': 'a\ud800\n\n— n AAAAAAAA\n',
  };
  for (const [what, note] of Object.entries(bad))
    it(`cannot be read from ${what}`, () => assert.equal(signedNoteIn(note), undefined));

  it('never throws, whatever it is given', () =>
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void [signedNoteIn(text), noteKeyIn(text)])));
});

describe('a key as it is written down', () => {
  it('is read back', () => {
    const { key } = pair();

    assert.equal(noteKeyIn(key.vkey)?.id, key.id);
  });

  it('is refused with the id of another key, a key of another length, or a name that cannot stand in a note', () => {
    const { key } = pair();
    const [name, , data] = key.vkey.split('+');

    assert.equal(noteKeyIn(`${name}+00000000+${data}`), undefined);
    assert.equal(noteKeyIn(`${name}+${key.id}+${data?.slice(4)}`), undefined);
    assert.equal(noteKeyIn('n+00000000+Ag=='), undefined);
    assert.equal(noteKeyIn(`${key.vkey}=`), undefined);
    assert.equal(noteKey('a b', new Uint8Array(32)), undefined);
    assert.equal(noteKey('a', new Uint8Array(31)), undefined);
    assert.equal(ed25519KeyIn(new Uint8Array(44)), undefined);
  });
});
