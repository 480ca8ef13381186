import type { Context, Hono } from 'hono';
import type { Caller } from '../../domain/approval/caller.ts';
import { DsseEnvelope } from '../../domain/launch/dsse.ts';
import { MAY_PUBLISH, publishManifest } from '../../domain/manifest/publish-manifest.ts';
import { commandKey, handle } from '../control-api.ts';
import type { LaunchPorts } from '../launch-app.ts';
import { operating } from '../operating.ts';
import { readBody } from '../read-body.ts';
import { strategyIn } from '../strategy-in.ts';

/** Runbook 1.1: signed manifests come to `reports/change_manifest/` here. */
export function manifestRoutes(app: Hono, ports: LaunchPorts): void {
  app.post('/v1/strategies/:id/manifests', (context) =>
    handle(context, ports, operating(MAY_PUBLISH, 'publishing a manifest'), (caller) =>
      publish(context, caller, ports),
    ),
  );
}

async function publish(context: Context, caller: Caller, ports: LaunchPorts): Promise<Response> {
  const strategyId = strategyIn(context.req.param('id') ?? '');
  const key = commandKey(context.req.raw, caller);
  const envelope = await readBody(context.req.raw, DsseEnvelope);
  const { reply, receipt } = await publishManifest({ strategyId, actor: caller.subject, key, envelope }, ports);
  return context.json({ ...reply, receipt }, 200);
}
