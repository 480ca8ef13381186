import { ArchiveFilePage } from '../../domain/archive/archive-file-page.ts';
import type { ApiClient } from '../api-client.ts';
import { CliError } from '../cli-error.ts';

const MOST_BYTES = 256 * 1024 * 1024;

/** A file of a run's archive, whole: page after page. Nothing where it is not there. Refuses one that grows, or is larger than 256 MiB. */
export async function downloadFile(api: ApiClient, run: string, path: string): Promise<Uint8Array | undefined> {
  const pages: Buffer[] = [];
  for (let offset: number | undefined = 0; offset !== undefined; ) {
    const query: string = new URLSearchParams({ path, offset: String(offset) }).toString();
    const page: ArchiveFilePage | undefined = await api
      .get(`/v1/runs/${encodeURIComponent(run)}/archive/files?${query}`, ArchiveFilePage)
      .catch(ifMissing);
    if (!page) return undefined;
    if (page.size > MOST_BYTES)
      throw new CliError(
        'state',
        `${path} has ${page.size} bytes: more than this command takes`,
        'get it from the bucket',
      );
    pages.push(Buffer.from(page.content, 'base64'));
    offset = page.next;
  }
  return Buffer.concat(pages);
}

function ifMissing(error: unknown): undefined {
  if (error instanceof CliError && error.code === 'NotFound') return undefined;
  throw error;
}
