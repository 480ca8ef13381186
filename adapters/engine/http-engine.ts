import * as z from 'zod';
import { type RequestSigner, signRequest, type UnsignedRequest } from '../../domain/crypto/sign-request.ts';
import { Attestation } from '../../domain/engine/attestation.ts';
import { Armed, CancelRequested, Halted, InForce, Probed, Settled } from '../../domain/engine/command-replies.ts';
import { OpenOrders } from '../../domain/engine/open-order.ts';
import { Positions } from '../../domain/engine/position.ts';
import { RiskStatus } from '../../domain/engine/risk-status.ts';
import { SmokeReport } from '../../domain/engine/smoke-report.ts';
import type { EngineInstance } from '../../domain/engine-instances.ts';
import type { Deadline, EngineCommand, Engines } from '../../domain/ports/engine.ts';
import { Refusal } from '../../domain/refusal.ts';
import { jsonOf } from '../json-of.ts';

export type EnginePorts = {
  readonly signer: RequestSigner;
  readonly now: () => Date;
  /** At least 16 characters, never the same twice. */
  readonly newNonce: () => string;
};

/** The engines over HTTP (docs/engine-contract.md): every request is signed, ends within its deadline, and its reply is parsed. */
export function httpEngines(ports: EnginePorts): Engines {
  const command =
    <Schema extends z.ZodType>(name: string, reply: Schema) =>
    (instance: EngineInstance, body: EngineCommand, deadline: Deadline): Promise<z.infer<Schema>> =>
      ask(instance, { method: 'POST', path: `/v1/commands/${name}`, body }, reply, deadline, ports);
  const question = <Schema extends z.ZodType>(
    instance: EngineInstance,
    path: string,
    reply: Schema,
    deadline: Deadline,
  ): Promise<z.infer<Schema>> => ask(instance, { method: 'GET', path }, reply, deadline, ports);
  return {
    halt: command('halt', Halted),
    arm: command('arm', Armed),
    mode: command('mode', InForce),
    throttle: command('throttle', InForce),
    cancelAll: command('cancel-all', CancelRequested),
    deploy: command('deploy', Attestation),
    smoke: command('smoke', SmokeReport),
    probe: command('probe', Probed),
    settle: command('settle', Settled),
    riskStatus: (instance, deadline) => question(instance, '/v1/risk/live/status', RiskStatus, deadline),
    openOrders: async (instance, deadline) =>
      (await question(instance, '/v1/orders/open', OpenOrders, deadline)).orders,
    positions: async (instance, deadline) => (await question(instance, '/v1/positions', Positions, deadline)).positions,
  };
}

type Call = { readonly method: 'GET' | 'POST'; readonly path: string; readonly body?: EngineCommand };

async function ask<Schema extends z.ZodType>(
  instance: EngineInstance,
  { method, path, body }: Call,
  schema: Schema,
  { deadlineMs }: Deadline,
  ports: EnginePorts,
): Promise<z.infer<Schema>> {
  const deadline = AbortSignal.timeout(deadlineMs);
  const bytes = body && new TextEncoder().encode(JSON.stringify(body));
  const request = { method, targetUri: `${instance.controlUrl}${path}`, body: bytes };
  const headers = await beforeDeadline(
    signRequest(request, ports.signer, { now: ports.now(), nonce: ports.newNonce() }),
    deadline,
    instance,
    deadlineMs,
  );
  const { status, text } = await exchange(instance, request, headers, deadline);
  if (status >= 400 && status < 500) throw refused(instance, status, text);
  const parsed = schema.safeParse(status === 200 ? jsonOf(text) : undefined);
  if (parsed.success) return parsed.data;
  const why =
    status === 200
      ? `its reply is not what the contract says: ${z.prettifyError(parsed.error)}`
      : `it answered ${status}`;
  throw unreachable(instance, `${instance.instanceId} gave no usable answer to ${path}: ${why}`);
}

async function exchange(
  instance: EngineInstance,
  { method, targetUri, body }: UnsignedRequest,
  headers: Record<string, string>,
  signal: AbortSignal,
) {
  try {
    const reply = await fetch(targetUri, {
      method,
      headers: { ...headers, accept: 'application/json', ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: Buffer.from(body) }),
      redirect: 'error',
      signal,
    });
    return { status: reply.status, text: await reply.text() };
  } catch (error) {
    throw unreachable(instance, `${instance.instanceId} did not answer at ${targetUri}: ${reasonOf(error)}`);
  }
}

/** Signing may be a remote call too: it counts against the same deadline. */
async function beforeDeadline<Value>(
  work: Promise<Value>,
  deadline: AbortSignal,
  instance: EngineInstance,
  deadlineMs: number,
): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>();
  const late = () =>
    reject(unreachable(instance, `${instance.instanceId} was not asked: signing took more than ${deadlineMs} ms`));
  deadline.addEventListener('abort', late, { once: true });
  return Promise.race([work, promise]).finally(() => deadline.removeEventListener('abort', late));
}

/** RFC 9457, as engines say no. */
const ProblemDetails = z
  .object({ code: z.string(), detail: z.string(), next: z.string(), facts: z.record(z.string(), z.unknown()) })
  .partial();

function refused({ instanceId }: EngineInstance, status: number, text: string): Refusal {
  const { code, detail, next, facts } = ProblemDetails.safeParse(jsonOf(text)).data ?? {};
  const sentence = `${instanceId} refused: ${detail ?? `it answered ${status} without a reason`}`;
  return new Refusal('EngineRefused', sentence, next ?? 'look at the log of the engine', {
    ...facts,
    instanceId,
    status,
    code: code ?? 'unknown',
  });
}

const unreachable = ({ instanceId }: EngineInstance, sentence: string): Refusal =>
  new Refusal('EngineUnreachable', sentence, 'look at the engine; until it answers only its lease bounds it', {
    instanceId,
  });

const reasonOf = (error: unknown): string =>
  error instanceof Error
    ? error.cause instanceof Error
      ? error.cause.message || error.message
      : error.message
    : String(error);
