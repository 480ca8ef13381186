import { mkdirSync, readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { type EngineState, FRESH } from './engine-state.ts';
import { disarmed } from './lease-rules.ts';

const epoch = z.int().min(0);

/** What survives a restart. The arming and the lease do not: a restarted engine is SAFE until it is armed, and tells that it was armed. */
const Persisted = z.object({
  epoch,
  armedEpoch: epoch.nullable().default(null),
  lapsedEpoch: epoch.nullable().default(null),
  armedBy: z.string().nullable(),
  halt: z.object({ reason: z.string(), by: z.string().default('engine'), at: z.string(), armFrom: epoch }).nullable(),
  loaded: z
    .object({
      artifactDigest: z.string(),
      limitsDigest: z.string(),
      parametersDigest: z.string(),
      parameters: z.unknown(),
      limits: z.unknown(),
    })
    .nullable(),
  probing: z.object({ runId: z.string(), until: z.number().nullable(), halted: z.boolean() }).nullable().default(null),
  left: z.array(z.string()).default([]),
});

export type LatchStore = {
  /** The state as it was left, disarmed. A file that cannot be read leaves the instance halted: fail closed. */
  read(now: Date): EngineState;
  /** On disk, flushed, when it resolves. Writes follow one another; the newest state wins. */
  write(state: EngineState): Promise<void>;
};

export function latchStore(folder: string, instanceId: string): LatchStore {
  const file = join(folder, `${instanceId}.json`);
  mkdirSync(folder, { recursive: true });
  let last: Promise<void> = Promise.resolve();
  return {
    read(now) {
      try {
        const text = readIfThere(file);
        if (text === undefined) return FRESH;
        return disarmed({ ...FRESH, ...Persisted.parse(JSON.parse(text)) });
      } catch {
        return {
          ...FRESH,
          halt: { reason: `the latch file ${file} is not readable`, by: 'engine', at: now.toISOString(), armFrom: 0 },
        };
      }
    },
    write({ epoch, armedEpoch, lapsedEpoch, armedBy, halt, loaded, probing, left }) {
      const text = JSON.stringify({ epoch, armedEpoch, lapsedEpoch, armedBy, halt, loaded, probing, left });
      last = last.catch(() => undefined).then(() => replaceDurably(folder, file, text));
      return last;
    },
  };
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** New content beside the old, flushed, renamed over it, and the rename flushed too. */
async function replaceDurably(folder: string, file: string, text: string): Promise<void> {
  const fresh = await open(`${file}.new`, 'w', 0o600);
  try {
    await fresh.writeFile(text);
    await fresh.sync();
  } finally {
    await fresh.close();
  }
  await rename(`${file}.new`, file);
  const directory = await open(folder, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
