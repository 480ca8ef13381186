import { Hono } from 'hono';
import { LeaseRenewal } from '../domain/engine/lease-request.ts';
import { type LeasePorts, renewLease } from '../domain/lease/renew-lease.ts';
import { Refusal } from '../domain/refusal.ts';
import { authenticate, requireScope } from './authenticate.ts';
import { type ApiPorts, fault } from './control-api.ts';
import { notFound, problem } from './problem.ts';
import { readBody } from './read-body.ts';
import { strategyIn } from './strategy-in.ts';

export type LeaseApiPorts = LeasePorts &
  Pick<ApiPorts, 'verifyEngineToken' | 'log' | 'randomId'> & {
    /** The devices that may halt engines, from memory: a lease waits for no list. Nothing where none could be read yet. */
    deviceKeys: () => readonly HaltingDevice[] | undefined;
  };
type HaltingDevice = { readonly keyid: string; readonly publicKey: string };

/** The engines' entrance (docs/engine-contract.md): one renewal each second from every instance. A client may only renew for the instance it is. */
export function leaseApp(ports: LeaseApiPorts): Hono {
  const app = new Hono();
  app.post('/engine/v1/strategies/:id/lease', async (context) => {
    try {
      const caller = await authenticate(context.req.raw, ports.verifyEngineToken);
      requireScope(caller, 'engine/lease');
      const strategyId = strategyIn(context.req.param('id'));
      const report = await readBody(context.req.raw, LeaseRenewal);
      const { instanceId, epoch, lapsedEpoch, halt } = report;
      const terms = await renewLease(
        { clientId: caller.subject, strategyId, instanceId, epoch, lapsedEpoch, halt, report },
        ports,
      );
      const deviceKeys = ports.deviceKeys();
      return context.json({ ...terms, ...(deviceKeys && { deviceKeys }) }, 200);
    } catch (error) {
      return error instanceof Refusal ? problem(error) : fault(error, ports);
    }
  });
  app.notFound((context) => problem(notFound(context.req.path)));
  return app;
}
