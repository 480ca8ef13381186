import { type EngineInstance, enginesOf } from './engine-instances.ts';
import type { Ports } from './ports/ports.ts';
import { Refusal } from './refusal.ts';
import type { Registration } from './registration.ts';

/** What one instance said, and between which moments of our clock: its answer, or why there is none (`EngineUnreachable`, `EngineRefused`). */
export type Said<Answer> = {
  readonly instanceId: string;
  readonly askedAt: Date;
  readonly answeredAt: Date;
  readonly said: Answer | Refusal;
};

/** Asks every instance of a strategy at once. One that says no, or does not answer, hides none of the others; a fault is thrown. */
export const askInstances = <Answer>(
  registration: Registration,
  ask: (instance: EngineInstance) => Promise<Answer>,
  { now }: Pick<Ports, 'now'>,
): Promise<Said<Answer>[]> =>
  Promise.all(
    enginesOf(registration).map(async (instance) => {
      const askedAt = now();
      const said = await ask(instance).catch((error: unknown) => {
        if (!(error instanceof Refusal)) throw error;
        return error;
      });
      return { instanceId: instance.instanceId, askedAt, answeredAt: now(), said };
    }),
  );
