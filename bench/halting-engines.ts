import * as z from 'zod';
import { listen } from '../engine-sim/program/listen.ts';

const Halt = z.looseObject({ epoch: z.number() });

/** Engines that halt as they are told, at once: one process for any number of instances, which stand in the path. `halted` hears of each. */
export const haltingEngines = (halted: (instanceId: string) => void = () => undefined) =>
  listen(async (request) => {
    const { epoch } = Halt.parse(await request.json());
    const instanceId = new URL(request.url).pathname.split('/')[1] ?? '';
    halted(instanceId);
    return Response.json({ instanceId, halted: true, epoch, openOrders: 0, haltedAt: new Date().toISOString() });
  }, 0);
