import type { Machine } from '../machine.ts';
import type { Refusal } from '../refusal.ts';

/** The state machines: starting them, and answering states that wait for people. */
export interface Executions {
  /** Starts a machine under the run's name; the same name again is success. */
  start(machine: Machine, name: string, input: Record<string, unknown>): Promise<void>;
  /** Newest events first are never needed: the whole history of one execution, oldest first, a page at a time. */
  history(
    machine: Machine,
    name: string,
    options: { nextToken?: string | undefined; limit: number },
  ): Promise<HistoryPage | undefined>;
  /** Lets a waiting state go on. A token that nobody waits for any more is success: the answer came too late to matter. */
  succeed(taskToken: string, output: Record<string, unknown>): Promise<void>;
  fail(taskToken: string, refusal: Refusal): Promise<void>;
}

export type HistoryPage = { events: HistoryEvent[]; nextToken?: string };
/** One event of an execution's history, task tokens already taken out. */
export type HistoryEvent = {
  id: number;
  previousId: number;
  at: string;
  type: string;
  state?: string;
  details: Record<string, unknown>;
};
