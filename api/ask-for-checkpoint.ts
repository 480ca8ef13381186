import type { SignPorts } from './sign-ports.ts';

/** A signature is proved by a checkpoint at once. Where that cannot be asked for, the schedule makes one within two minutes. */
export async function askForCheckpoint(log: string, { bus, log: line }: Pick<SignPorts, 'bus' | 'log'>): Promise<void> {
  await bus
    .publish('ledger.appended', { log })
    .catch((error: unknown) => line({ outcome: 'fault', message: 'no checkpoint asked for', error: String(error) }));
}
