import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { ed25519KeyIn } from '../../../../domain/crypto/ed25519.ts';
import { BundleHeader } from '../../../../domain/ledger/bundle/bundle-header.ts';
import { bundleLines } from '../../../../domain/ledger/bundle/bundle-lines.ts';
import { BundleVerifier } from '../../../../domain/ledger/bundle/bundle-verifier.ts';
import { checkpointText } from '../../../../domain/ledger/checkpoint.ts';
import { leafHash, rootOf } from '../../../../domain/ledger/merkle.ts';
import { noteKey, noteKeyIn, signedNote } from '../../../../domain/ledger/signed-note.ts';
import { FINDING_KINDS, VERDICTS } from '../../../../domain/ledger/verify/finding.ts';
import { allOf, eachOf } from '../verify/a-ledger.ts';

const page = await readFile('docs/ledger-format.md', 'utf8');
const example = page.slice(page.indexOf('## 10. A worked example'));
const [vkey = '', bundle = '', hashes = '', note = '', part = ''] = [...example.matchAll(/```\n([\s\S]*?)\n```/g)].map(
  ([, block]) => block ?? '',
);
const lines = bundle.split('\n');
const entries = lines.slice(1).filter((line) => line.startsWith('{'));
const leaves = entries.map((text) => leafHash(text));
const key = noteKeyIn(vkey);

function verdictOf(given: readonly string[], keys = key ? [key] : []) {
  const verifier = new BundleVerifier(() => ({ keys, checkpoints: [], receipts: [] }));
  for (const line of given) verifier.line(line);
  return verifier.report().verdict;
}

describe('the worked example in docs/ledger-format.md', () => {
  it('has the key of its seed', () => {
    const [seed = ''] = /[0-9a-f]{64}/.exec(example) ?? [];
    const der = Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex');
    const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
    const own = noteKey('example/ledger', ed25519KeyIn(spki) ?? new Uint8Array());
    const text = checkpointText({ origin: 'example/ledger/desk', size: 3, root: rootOf(leaves) });

    assert.ok(own);
    assert.equal(own.vkey, vkey);
    assert.equal(signedNote(text, [{ key: own, signature: sign(null, Buffer.from(text), privateKey) }]), `${note}\n`);
  });

  it('has the hashes of its entries, and the note of its last line', () => {
    assert.deepEqual(hashes.split('\n'), [...leaves, rootOf(leaves.slice(0, 2)), rootOf(leaves)]);
    assert.equal(JSON.parse(lines.at(-1) ?? ''), `${note}\n`);
  });

  it('is what is written when the whole log or a part of it is asked for', async () => {
    const checkpoints = [2, 3].map((size) => ({ size, note: String(JSON.parse(lines[size === 2 ? 3 : 5] ?? '')) }));
    for (const written of [lines, part.split('\n')]) {
      const source = {
        entries: eachOf(entries.map((text, index) => ({ index, text, leafHash: leaves[index] ?? '' }))),
        checkpoints: eachOf(checkpoints),
      };

      assert.deepEqual(await allOf(bundleLines(BundleHeader.parse(JSON.parse(written[0] ?? '')), source)), written);
    }
  });

  it('leads to the verdicts that the page says', () => {
    const changed = bundle.replace('2.5', '2.6').split('\n');

    assert.deepEqual([verdictOf(lines), verdictOf(part.split('\n'))], ['sound', 'sound']);
    assert.deepEqual(
      [verdictOf(changed), verdictOf(lines, []), verdictOf(lines.slice(0, -1)), verdictOf(lines.slice(1))],
      ['tampered', 'incomplete', 'incomplete', 'unreadable'],
    );
  });
});

describe('docs/ledger-format.md', () => {
  it('names every kind of finding under the verdict it leads to', () => {
    const rows = page.split('\n').filter((line) => /^\| (sound|tampered|incomplete|unreadable) \| \d/.test(line));
    const documented = rows.map((row) => {
      const [, verdict = '', , kinds = ''] = row.split('|').map((cell) => cell.trim());
      return [verdict, [...kinds.matchAll(/`([a-z-]+)`/g)].map(([, kind]) => kind).toSorted()];
    });

    const expected = VERDICTS.map((verdict) => [
      verdict,
      Object.entries(FINDING_KINDS)
        .flatMap(([kind, leadsTo]) => (leadsTo === verdict ? [kind] : []))
        .toSorted(),
    ]);
    assert.deepEqual(Object.fromEntries(documented), Object.fromEntries(expected));
  });
});
