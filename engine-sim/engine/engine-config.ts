import * as z from 'zod';

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$/, 'a name is 1 to 80 letters, digits, - and _');

export const ENGINE = 'tradepulse-engine-sim';
const VERSION = '1.0.0';

/** One instance: its identity, its credentials for the lease, and where it trades. */
export const InstanceSettings = z
  .strictObject({
    instanceId: name,
    strategyId: name,
    clientId: z.string().min(1).optional(),
    clientSecret: z.string().min(1).optional(),
    /** Of the engine's own program, as it attests it: instances can be upgraded one by one. */
    version: z.string().min(1).max(40).default(VERSION),
    /** `kind` is what it attests of the venue; live when left out. */
    venue: z.strictObject({
      id: z.string().min(1),
      url: z.url(),
      key: z.string().min(1),
      kind: z.enum(['live', 'paper', 'simulated']).default('live'),
    }),
  })
  .transform((instance) => ({ ...instance, clientId: instance.clientId ?? instance.instanceId }));
export type InstanceSettings = z.infer<typeof InstanceSettings>;

/** What the engine program needs to know. Without `tokenUrl` it sends no bearer token. Folders are made when they are missing. */
export const EngineConfig = z.strictObject({
  port: z.int().min(0).max(65_535).default(4511),
  faultPort: z.int().min(0).max(65_535).default(0),
  publicUrl: z.url().optional(),
  controlPlane: z.url(),
  /** How often leases are renewed, in milliseconds. */
  renewEveryMs: z.int().min(20).max(5_000).default(1_000),
  tokenUrl: z.url().optional(),
  /** Base64 DER SPKI, Ed25519. */
  commandKey: z.string().min(1),
  killKey: z.string().min(1),
  artifacts: z.string().min(1),
  data: z.string().min(1),
  instances: z.array(InstanceSettings).min(1),
});
export type EngineConfig = z.infer<typeof EngineConfig>;
