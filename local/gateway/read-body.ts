/** Lambda takes events of 6 MB, in which a body may grow by escaping. `api/` refuses far smaller ones, but never a kill for its size. */
const largestBytes = 3_000_000;

/** The whole body, or undefined as soon as it proves too large. */
export async function readBody(request: Request): Promise<Buffer | undefined> {
  if (Number(request.headers.get('content-length') ?? 0) > largestBytes) return undefined;
  if (!request.body) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body) {
    length += chunk.length;
    if (length > largestBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
