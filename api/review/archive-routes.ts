import type { Context, Hono } from 'hono';
import type * as z from 'zod';
import { ArchiveFileQuery } from '../../domain/archive/archive-file-page.ts';
import { ArchiveQuery, listArchives } from '../../domain/archive/list-archives.ts';
import { readArchiveFile } from '../../domain/archive/read-archive-file.ts';
import { viewArchive } from '../../domain/archive/view-archive.ts';
import { Refusal } from '../../domain/refusal.ts';
import { handle, READING } from '../control-api.ts';
import type { ReviewPorts } from '../review-app.ts';

/** Archives of trading runs (runbook 4.5): which there are, the manifests of one, and the bytes of its files, a page at a time. */
export function archiveRoutes(app: Hono, ports: ReviewPorts): void {
  app.get('/v1/archives', (context) =>
    handle(context, ports, READING, async () =>
      context.json({ archives: await listArchives(asked(context, ArchiveQuery), ports) }, 200),
    ),
  );
  app.get('/v1/runs/:id/archive', (context) =>
    handle(context, ports, READING, async () => context.json(await viewArchive(runIn(context), ports), 200)),
  );
  app.get('/v1/runs/:id/archive/files', (context) =>
    handle(context, ports, READING, async () =>
      context.json(await readArchiveFile(runIn(context), asked(context, ArchiveFileQuery), ports), 200),
    ),
  );
}

const runIn = ({ req }: Context): string => req.param('id') ?? '';

function asked<Schema extends z.ZodType>({ req }: Context, schema: Schema): z.output<Schema> {
  const query = schema.safeParse(req.query());
  if (query.success) return query.data;
  const [issue] = query.error.issues;
  throw new Refusal('InvalidRequest', `${issue?.path.join('.')}: ${issue?.message}`, 'correct that, and ask again');
}
