import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeChunked } from '../../../../local/aws/s3/decode-chunked.ts';

const packed = (chunks: readonly Uint8Array[], trailer = '') =>
  Buffer.concat([
    ...chunks.flatMap((chunk) => [
      Buffer.from(`${chunk.length.toString(16)};chunk-signature=${'a'.repeat(64)}\r\n`),
      chunk,
      Buffer.from('\r\n'),
    ]),
    Buffer.from(`0\r\n${trailer}\r\n`),
  ]);

describe('an aws-chunked body', () => {
  it('comes out as it went in, however it was cut', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 6 }), (chunks) => {
        assert.deepEqual(decodeChunked(packed(chunks)).bytes, Buffer.concat(chunks));
      }),
    );
  });

  it('is refused wherever it is cut off before its last chunk', () => {
    const whole = packed([Buffer.from('market'), Buffer.from('data\r\n0\r\n')]);
    const lastChunk = whole.length - '0\r\n\r\n'.length;

    for (let length = 0; length < lastChunk; length += 1) {
      assert.throws(() => decodeChunked(whole.subarray(0, length)), { name: 'IncompleteBody' }, String(length));
    }
  });

  it('gives its trailers, and is refused with a malformed one', () => {
    const { trailers } = decodeChunked(packed([Buffer.from('x')], 'x-amz-checksum-crc32:jNwbGg==\r\n'));

    assert.equal(trailers.get('x-amz-checksum-crc32'), 'jNwbGg==');
    assert.throws(() => decodeChunked(packed([], 'no colon\r\n')), { name: 'IncompleteBody' });
  });
});
