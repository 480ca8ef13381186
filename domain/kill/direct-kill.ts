import * as z from 'zod';
import { verifiesEd25519 } from '../crypto/ed25519.ts';
import type { StrategyId } from '../ids.ts';
import type { ToldBefore } from './execute-kill.ts';

const MOST_TEXT = 200;
const text = z.string().transform((value) => value.slice(0, MOST_TEXT));

/** One engine instance as it was told to halt, straight from a device, and what it answered. */
const Told = z.object({
  strategyId: text,
  instanceId: text,
  status: z.enum(['halted', 'refused', 'unreachable']),
  haltedAt: text.optional(),
  openOrders: z.int().min(0).optional(),
  detail: text.optional(),
  /** The signature base of the very request, and the signature (base64): the evidence that this device sent it. */
  base: z.string().max(1_000).optional(),
  signature: z.string().max(100).optional(),
});

/** A kill that went straight to the engines while the control plane could not be reached, as whoever sent it tells it afterwards. */
export const DirectKill = z.object({
  decidedAt: z.iso.datetime(),
  commandId: text,
  engines: z.array(Told).max(1_000),
});
export type DirectKill = z.infer<typeof DirectKill>;

/** What a report of one says, as far as it can be read: a report that cannot be is none, and the kill goes on without it (product decision 2). */
export const directKillIn = (told: unknown): DirectKill | undefined => DirectKill.safeParse(told).data;

const MOST_INSTANCES = 20;

/** What ledgers keep of it: in the log of each strategy the answers as they were told, and whether this key signed what was sent; in that of the desk how many were told. */
export const toldBefore = (direct: DirectKill, publicKey: string): ToldBefore => ({
  of: (strategyId) => directKillOf(strategyId, direct, publicKey),
  inAll: { decidedAt: direct.decidedAt, commandId: direct.commandId, told: direct.engines.length },
});

function directKillOf(strategyId: StrategyId, { engines, ...direct }: DirectKill, publicKey: string) {
  const own = engines.filter((each) => each.strategyId === strategyId);
  return {
    ...direct,
    instances: own.slice(0, MOST_INSTANCES).map(({ strategyId: _same, base, signature, ...told }) => ({
      ...told,
      ...(base !== undefined && signature !== undefined && { base, signature }),
      signed: verifiesEd25519(publicKey, Buffer.from(base ?? ''), Buffer.from(signature ?? '', 'base64')),
    })),
  };
}
