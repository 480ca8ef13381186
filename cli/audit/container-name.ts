const TAR_MAGIC_AT = 257;
const BUNDLE_BEGIN = 0x7b; // the brace of its header

const MAGIC: readonly [bytes: Buffer, at: number, name: string][] = [
  [Buffer.from('PK\u0003\u0004'), 0, 'a zip archive'],
  [Buffer.from('PK\u0005\u0006'), 0, 'an empty zip archive'],
  [Buffer.from('ustar'), TAR_MAGIC_AT, 'a tar archive'],
  [Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), 0, 'compressed with zstd'],
  [Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a]), 0, 'compressed with xz'],
  [Buffer.from('BZh'), 0, 'compressed with bzip2'],
  [Buffer.from([0x1f, 0x8b]), 0, 'compressed twice'],
];

/** What a file that begins like this is packed in, where a bundle never is: somebody has to unpack it first. What begins like a bundle may say anything further on. */
export const containerName = (begin: Buffer): string | undefined =>
  begin[0] === BUNDLE_BEGIN
    ? undefined
    : MAGIC.find(([bytes, at]) => begin.subarray(at, at + bytes.length).equals(bytes))?.[2];
