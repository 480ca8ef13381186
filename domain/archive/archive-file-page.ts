import * as z from 'zod';
import { ArchivePath } from './manifest.ts';

/** Which part of which file: `path` below the folder of the run, `offset` in bytes. */
export const ArchiveFileQuery = z.object({ path: ArchivePath, offset: z.coerce.number().int().min(0).default(0) });
export type ArchiveFileQuery = z.infer<typeof ArchiveFileQuery>;

/** One page of a file: `content` is base64, `next` the offset of the page after it. */
export const ArchiveFilePage = z.object({
  path: z.string(),
  size: z.int().min(0),
  offset: z.int().min(0),
  content: z.base64(),
  next: z.int().min(1).optional(),
});
export type ArchiveFilePage = z.infer<typeof ArchiveFilePage>;
