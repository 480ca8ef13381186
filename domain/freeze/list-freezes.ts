import { computedFreezes } from './computed-freezes.ts';
import { type FreezePorts, freezeFacts, storedFreezes } from './covering-freezes.ts';
import { type Freeze, isSoft } from './freeze.ts';
import { howToLift } from './how-to-lift.ts';

/** A freeze as people see it: whether two people may override it, and what to do about it. */
export type FreezeView = Freeze & { readonly overridable: boolean; readonly next: string };

const MOST_REGISTERED = 1_000;

/** Every freeze that stands now, of whatever source, in one list (product decision 11): what people and kills have set first, then what policies bring. */
export async function listFreezes(ports: FreezePorts): Promise<FreezeView[]> {
  const registry = await ports.records.list('REGISTRATION', { limit: MOST_REGISTERED });
  const [stored, facts] = await Promise.all([storedFreezes(ports), freezeFacts(registry, ports)]);
  const computed = registry.flatMap((registration) => computedFreezes(registration, facts));
  return [...stored, ...computed].map((freeze) => ({
    ...freeze,
    overridable: isSoft(freeze),
    next: howToLift(freeze),
  }));
}
