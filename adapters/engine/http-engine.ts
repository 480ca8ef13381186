import * as z from 'zod';
import { Attestation } from '../../domain/engine/attestation.ts';
import { Armed, CancelRequested, Halted, InForce, Settled } from '../../domain/engine/command-replies.ts';
import { OpenOrders } from '../../domain/engine/open-order.ts';
import { Position } from '../../domain/engine/position.ts';
import { RiskStatus } from '../../domain/engine/risk-status.ts';
import { SmokeReport } from '../../domain/engine/smoke-report.ts';
import type { EngineInstance } from '../../domain/engine-instances.ts';
import type { Deadline, EngineCommand, Engines } from '../../domain/ports/engine.ts';
import { Refusal } from '../../domain/refusal.ts';
import { type CommandSigner, type SignedRequest, signedRequest } from './signed-request.ts';

export type HttpEngineOptions = { signer: CommandSigner; now: () => Date };

const Problem = z.object({ detail: z.string(), code: z.string() });

/** The engine contract over HTTP (docs/engine-contract.md): signed, each call within its deadline, replies judged by their schema. */
export function createHttpEngines(options: HttpEngineOptions): Engines {
  const command = <Reply>(
    instance: EngineInstance,
    name: string,
    body: EngineCommand,
    { deadlineMs }: Deadline,
    schema: z.ZodType<Reply>,
  ) =>
    ask(
      instance,
      { method: 'POST', url: `${instance.controlUrl}/v1/commands/${name}`, body },
      deadlineMs,
      schema,
      options,
    );
  const query = <Reply>(instance: EngineInstance, path: string, { deadlineMs }: Deadline, schema: z.ZodType<Reply>) =>
    ask(instance, { method: 'GET', url: `${instance.controlUrl}${path}` }, deadlineMs, schema, options);
  return {
    arm: (instance, body, deadline) => command(instance, 'arm', body, deadline, Armed),
    halt: (instance, body, deadline) => command(instance, 'halt', body, deadline, Halted),
    mode: (instance, body, deadline) => command(instance, 'mode', body, deadline, InForce),
    throttle: (instance, body, deadline) => command(instance, 'throttle', body, deadline, InForce),
    cancelAll: (instance, body, deadline) => command(instance, 'cancel-all', body, deadline, CancelRequested),
    deploy: (instance, body, deadline) => command(instance, 'deploy', body, deadline, Attestation),
    smoke: (instance, body, deadline) => command(instance, 'smoke', body, deadline, SmokeReport),
    settle: (instance, body, deadline) => command(instance, 'settle', body, deadline, Settled),
    riskStatus: (instance, deadline) => query(instance, '/v1/risk/live/status', deadline, RiskStatus),
    openOrders: async (instance, deadline) => (await query(instance, '/v1/orders/open', deadline, OpenOrders)).orders,
    positions: async (instance, deadline) =>
      (await query(instance, '/v1/positions', deadline, z.object({ positions: z.array(Position) }))).positions,
  };
}

async function ask<Reply>(
  instance: EngineInstance,
  request: SignedRequest,
  deadlineMs: number,
  schema: z.ZodType<Reply>,
  { signer, now }: HttpEngineOptions,
): Promise<Reply> {
  const { status, body } = await send(instance, request, deadlineMs, signer, now());
  if (status < 200 || status > 299) throw refused(instance, status, body);
  const reply = schema.safeParse(body);
  if (!reply.success)
    throw new Refusal(
      'EngineRefused',
      `${instance.instanceId} answered what the contract does not know: ${z.prettifyError(reply.error)}`,
      'compare the engine with docs/engine-contract.md',
    );
  return reply.data;
}

async function send(
  { instanceId }: EngineInstance,
  request: SignedRequest,
  deadlineMs: number,
  signer: CommandSigner,
  now: Date,
): Promise<{ status: number; body: unknown }> {
  try {
    const signed = await signedRequest(request, signer, now);
    const response = await fetch(request.url, {
      ...signed,
      redirect: 'error',
      signal: AbortSignal.timeout(deadlineMs),
    });
    return { status: response.status, body: await response.json() };
  } catch (error) {
    const why =
      error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error);
    throw new Refusal(
      'EngineUnreachable',
      `${instanceId} did not answer within ${deadlineMs} ms: ${why}`,
      'look at the engine; its lease bounds what it may still do',
      { instanceId },
    );
  }
}

function refused({ instanceId }: EngineInstance, status: number, body: unknown): Refusal {
  const problem = Problem.safeParse(body).data;
  return new Refusal(
    'EngineRefused',
    `${instanceId} refused: ${problem?.detail ?? `status ${status}`}`,
    'look at the engine',
    { instanceId, status, code: problem?.code ?? null },
  );
}
