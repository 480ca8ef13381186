import type { Context, Hono } from 'hono';
import * as z from 'zod';
import { StrategyId } from '../domain/ids.ts';
import { digestOf } from '../domain/ledger/digest.ts';
import { Refusal } from '../domain/refusal.ts';
import { handle, READING, type RequestPorts } from './control-api.ts';
import { readBody } from './read-body.ts';

/** The one flag there is; AppConfig's flag `live` has no dot, and this is its property. */
const KEY = 'live.enabled';

/** What `status` says of a strategy. Throws UnknownStrategy. */
export type EffectiveFlag = (id: StrategyId) => Promise<{
  readonly mode: string;
  readonly epoch: number;
  readonly tradingAllowed: boolean;
  readonly whyNot: readonly string[];
}>;

type ErrorCode = 'PARSE_ERROR' | 'TARGETING_KEY_MISSING' | 'INVALID_CONTEXT' | 'FLAG_NOT_FOUND';
type Failure = { readonly errorCode: ErrorCode; readonly errorDetails: string };

const Evaluation = z.object({ context: z.object({ targetingKey: z.unknown() }).optional() });

/**
 * OpenFeature Remote Evaluation Protocol: whether a strategy may trade now, for any OpenFeature SDK, with its id as the targeting
 * key. It is what `status` calls trading allowed and not the bare flag; what cannot be read is false. Read-only: a flag that reads
 * true authorises nobody to trade, the lease does.
 */
export function ofrepRoutes(app: Hono, ports: RequestPorts, effective: EffectiveFlag): void {
  app.post('/ofrep/v1/evaluate/flags/:key', (context) =>
    handle(context, ports, READING, async () => {
      const key = context.req.param('key');
      if (key !== KEY)
        return failed(context, 404, { key, errorCode: 'FLAG_NOT_FOUND', errorDetails: `the one flag is ${KEY}` });
      const evaluated = await evaluate(context, ports, effective);
      return 'errorCode' in evaluated ? failed(context, 400, { key, ...evaluated }) : context.json(evaluated, 200);
    }),
  );
  app.post('/ofrep/v1/evaluate/flags', (context) =>
    handle(context, ports, READING, async () => {
      const evaluated = await evaluate(context, ports, effective);
      return 'errorCode' in evaluated ? failed(context, 400, evaluated) : unlessKnown(context, { flags: [evaluated] });
    }),
  );
}

const failed = (context: Context, status: 400 | 404, failure: Failure & { readonly key?: string }) =>
  context.json(failure, status);

async function evaluate(context: Context, ports: RequestPorts, effective: EffectiveFlag) {
  const strategyId = await targetIn(context.req.raw);
  if (typeof strategyId !== 'string') return strategyId;
  try {
    const { tradingAllowed: value, mode, epoch, whyNot } = await effective(strategyId);
    const [because] = whyNot;
    return flag(value, 'STATIC', { mode, epoch, ...(because !== undefined && { because }) });
  } catch (error) {
    if (error instanceof Refusal) return { errorCode: 'INVALID_CONTEXT' as const, errorDetails: error.message };
    ports.log({ outcome: 'fault', message: `${KEY} of ${strategyId} could not be read`, error: String(error) });
    return flag(false, 'UNKNOWN', { because: 'it could not be read' });
  }
}

const flag = (value: boolean, reason: 'STATIC' | 'UNKNOWN', metadata: Record<string, string | number>) => ({
  key: KEY,
  value,
  reason,
  variant: value ? 'on' : 'off',
  metadata,
});

/** The strategy that the caller asks about, or what is wrong with the question. */
async function targetIn(request: Request): Promise<StrategyId | Failure> {
  const body = await readBody(request, Evaluation).catch((error: unknown) => {
    if (error instanceof Refusal) return error;
    throw error;
  });
  if (body instanceof Refusal) return { errorCode: 'PARSE_ERROR', errorDetails: body.message };
  const target = body.context?.targetingKey;
  if (target === undefined || target === '')
    return { errorCode: 'TARGETING_KEY_MISSING', errorDetails: 'context.targetingKey is the id of a strategy' };
  const id = StrategyId.safeParse(target);
  return id.success
    ? id.data
    : { errorCode: 'INVALID_CONTEXT', errorDetails: 'context.targetingKey is no id of a strategy' };
}

/** 304 for whoever holds these very values already. */
function unlessKnown(context: Context, body: { readonly flags: readonly unknown[] }): Response {
  const tag = `"${digestOf(body).replace('sha256:', '').slice(0, 32)}"`;
  const known = context.req.header('if-none-match') ?? '';
  const headers = { etag: tag };
  return known.includes(tag) ? context.body(null, 304, headers) : context.json(body, 200, headers);
}
