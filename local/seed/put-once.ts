import type { FetchHandler } from '../aws/fetch-handler.ts';

export type SeededBucket = { readonly s3: FetchHandler; readonly bucket: string };

/** Puts an object into the evidence bucket unless there is one of that name: what exists is never replaced. */
export function putOnce({ s3, bucket }: SeededBucket) {
  return async (key: string, body: Buffer, type: string) => {
    const headers = { 'if-none-match': '*', 'content-type': type };
    const { status } = await s3(new Request(`http://127.0.0.1/${bucket}/${key}`, { method: 'PUT', body, headers }));
    if (status !== 200 && status !== 412) throw new Error(`${key} could not be seeded: S3 answered ${status}`);
  };
}
