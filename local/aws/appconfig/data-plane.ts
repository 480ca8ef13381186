import { Hono } from 'hono';
import { AwsError } from '../aws-error.ts';
import type { FetchHandler } from '../fetch-handler.ts';
import type { Plane } from './control-plane.ts';
import { latestConfiguration } from './latest-configuration.ts';
import { served } from './served.ts';
import { startSession } from './start-session.ts';

/** The AppConfig data plane: what readers of a configuration use. */
export function dataPlane({ store, catalogue, now }: Plane): FetchHandler {
  const app = new Hono();
  app.post('/configurationsessions', async ({ req, json }) => {
    const body = await req.json<unknown>().catch(() => {
      throw new AwsError('BadRequestException', 'The body is not JSON');
    });
    return json({ InitialConfigurationToken: startSession(store, catalogue(), body, now().getTime()) }, 201);
  });
  app.get('/configuration', ({ req }) =>
    latestConfiguration(store, catalogue(), req.query('configuration_token') ?? '', now().getTime()),
  );
  return served(app);
}
