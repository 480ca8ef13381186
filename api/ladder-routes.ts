import type { Context, Hono } from 'hono';
import type { Role } from '../domain/approval/approval.ts';
import type { Caller } from '../domain/approval/caller.ts';
import { cleanReason } from '../domain/kill/clean-reason.ts';
import { type RestrictPorts, restrict } from '../domain/ladder/restrict.ts';
import type { Restriction } from '../domain/ladder/restriction.ts';
import { RestrictionRequest } from '../domain/ladder/restriction-request.ts';
import { digestOf } from '../domain/ledger/digest.ts';
import { handle, type RequestPorts } from './control-api.ts';
import { lenientKey } from './lenient-key.ts';
import { operating } from './operating.ts';
import { readBodyLeniently } from './read-body.ts';
import { strategyIn } from './strategy-in.ts';

type LadderPorts = RequestPorts & RestrictPorts;

const MAY_HOLD_BACK: readonly Role[] = ['execution-trader', 'risk-officer', 'quant', 'sre'];

/** The safer way on the mode ladder: one person, at once, whatever the form. The way back is a lift, which two people sign. */
export function ladderRoutes(app: Hono, ports: LadderPorts): void {
  app.post('/v1/strategies/:id/throttles', (context) =>
    handle(context, ports, operating(MAY_HOLD_BACK, 'a throttle'), (caller) =>
      holdBack(context, caller, 'THROTTLED', ports),
    ),
  );
  app.post('/v1/strategies/:id/reductions', (context) =>
    handle(context, ports, operating(MAY_HOLD_BACK, 'reducing only'), (caller) =>
      holdBack(context, caller, 'REDUCE_ONLY', ports),
    ),
  );
}

/** A reused key with another body is another command, never a refusal: the body is part of the key. */
async function holdBack(
  context: Context,
  { subject }: Caller,
  to: Restriction['mode'],
  ports: LadderPorts,
): Promise<Response> {
  const strategyId = strategyIn(context.req.param('id') ?? '');
  const request = RestrictionRequest.parse(await readBodyLeniently(context.req.raw));
  const commandId = `${subject}/${lenientKey(context.req.raw, ports.randomId)}/${digestOf({ to, ...request })}`;
  const { ordersPerSec, forMinutes } = request;
  const until = forMinutes === undefined ? undefined : new Date(ports.now().getTime() + forMinutes * 60_000);
  const command = {
    ...{ strategyId, to, reason: cleanReason(request.reason), actor: subject, causeId: commandId, commandId },
    ...(to === 'THROTTLED' && { ordersPerSec }),
    until: until?.toISOString(),
  };
  return context.json(await restrict(command, ports), 202);
}
