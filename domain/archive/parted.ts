/** As large as one part becomes: small enough to be read whole by anybody, and sent in two pages of the API. */
const PART_BYTES = 4 * 1024 * 1024;

/** `orders.jsonl`, `orders.2.jsonl`, ... */
export function partFile(file: string, part: number): string {
  const dot = file.lastIndexOf('.');
  return part === 1 ? file : `${file.slice(0, dot)}.${part}${file.slice(dot)}`;
}

/** Lines as files of at most about 4 MiB each, in order; one empty file when there are none. A line is never divided. */
export function parted(
  file: string,
  lines: readonly string[],
  most = PART_BYTES,
): { readonly file: string; readonly text: string }[] {
  const parts: string[][] = [[]];
  let size = 0;
  for (const line of lines) {
    const bytes = Buffer.byteLength(line) + 1;
    if (size > 0 && size + bytes > most) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(line);
    size += bytes;
  }
  return parts.map((part, at) => ({
    file: partFile(file, at + 1),
    text: part.map((line) => `${line}\n`).join(''),
  }));
}
