import { afterEach } from 'node:test';
import type { Hono } from 'hono';
import { type StandIn, standInControlPlane } from './stand-in-control-plane.ts';

/** How the tests of the calling file open stand-in control planes; those of a test are closed after it. */
export function standInForEachTest(): (routes?: (app: Hono) => void) => Promise<StandIn> {
  const open: StandIn[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map(({ close }) => close()));
  });
  return async (routes) => {
    const standIn = await standInControlPlane(routes);
    open.push(standIn);
    return standIn;
  };
}
