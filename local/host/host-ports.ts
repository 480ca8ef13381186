import { freePort } from '../dynamodb/free-port.ts';

export type SimulationPorts = { readonly engine: number; readonly venue: number };

/** The simulated engine and venues take the two ports after ours; any free ones when ours was any free one. */
export async function simulationPorts(asked: number): Promise<SimulationPorts> {
  if (asked > 0) return { engine: asked + 1, venue: asked + 2 };
  const engine = await freePort();
  let venue = await freePort();
  while (venue === engine) venue = await freePort();
  return { engine, venue };
}
