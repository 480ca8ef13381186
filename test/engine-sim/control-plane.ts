import { LeaseRequest } from '../../domain/engine/lease-request.ts';
import { listen } from '../../engine-sim/program/listen.ts';

export type Grant = { mode: string; maxOrdersPerSec: number; epoch: number; expiresInMs: number };

/** The lease side of a control plane, told by the test what to grant; it parses every renewal as the real one does. */
export async function controlPlane() {
  const renewals: LeaseRequest[] = [];
  const state = {
    grant: { mode: 'SAFE', maxOrdersPerSec: 0, epoch: 0, expiresInMs: 5_000 } as Grant,
    refuse: undefined as Response | undefined,
    silent: false,
  };
  const server = await listen(async (request) => {
    if (request.url.endsWith('/token'))
      return Response.json({ access_token: request.headers.get('authorization'), expires_in: 300 });
    renewals.push(LeaseRequest.parse(await request.json()));
    if (state.silent) return new Promise<Response>(() => undefined);
    return state.refuse?.clone() ?? Response.json(state.grant);
  }, 0);
  return { ...server, renewals, state };
}
