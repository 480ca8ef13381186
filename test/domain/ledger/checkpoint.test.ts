import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { checkpointIn, checkpointText, originOf } from '../../../domain/ledger/checkpoint.ts';
import { leafHash } from '../../../domain/ledger/merkle.ts';

const ROOT = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=';

describe('the text of a checkpoint', () => {
  it('is read as the C2SP specification shows it', () => {
    assert.deepEqual(checkpointIn(`example.com/behind-the-sofa\n20852163\n${ROOT}\n`), {
      origin: 'example.com/behind-the-sofa',
      size: 20_852_163,
      root: Buffer.from(ROOT, 'base64').toString('hex'),
    });
  });

  it('is read back, whatever the tree', () =>
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.string(), (size, seed) => {
        const checkpoint = { origin: originOf('tradepulse/test', 'btc-momentum'), size, root: leafHash(seed) };

        assert.deepEqual(checkpointIn(checkpointText(checkpoint)), checkpoint);
      }),
    ));

  it('may go on with lines that are not ours', () => {
    assert.equal(checkpointIn(`o\n5\n${ROOT}\nmore\n`)?.size, 5);
  });

  const bad: Record<string, string> = {
    'a size with a leading zero': `o\n05\n${ROOT}\n`,
    'a negative size': `o\n-5\n${ROOT}\n`,
    'a size beyond what can be counted': `o\n9999999999999999\n${ROOT}\n`,
    'a short root': 'o\n5\nAAAA\n',
    'a root with stray bits': `o\n5\n${ROOT.replace('2I=', '2J=')}\n`,
    'no origin': `\n5\n${ROOT}\n`,
    'no last line feed': `o\n5\n${ROOT}`,
    'an empty extension line': `o\n5\n${ROOT}\n\n`,
  };
  for (const [what, text] of Object.entries(bad))
    it(`is refused with ${what}`, () => assert.equal(checkpointIn(text), undefined));
});
