import type { Hono } from 'hono';
import { AwsError } from '../aws-error.ts';
import type { FetchHandler } from '../fetch-handler.ts';
import { jsonError } from '../json-error.ts';

/** The routes as a local service: errors in the shape of AWS, unknown routes refused by name, faults passed on to the host. */
export function served(app: Hono): FetchHandler {
  app.notFound(({ req }) =>
    jsonError(
      new AwsError('UnknownOperationException', `${req.method} ${req.path} is not served by the local AppConfig`, 404),
    ),
  );
  app.onError((error) => {
    if (error instanceof AwsError) return jsonError(error);
    throw error;
  });
  return async (request) => app.fetch(request);
}
