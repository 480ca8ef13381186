import type { Checklist } from './checklist.ts';
import { type ChecklistPorts, collectChecklistFacts } from './collect-checklist-facts.ts';
import { computeChecklist } from './compute-checklist.ts';

/** The checklist of a trading run as its evidence stands now. */
export const readChecklist = async (runId: string, ports: ChecklistPorts): Promise<Checklist> =>
  computeChecklist(await collectChecklistFacts(runId, ports));
