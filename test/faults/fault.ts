import type { FaultWorld } from './fault-world.ts';
import type { KillPlan } from './kill-plan.ts';

/** Something that goes wrong around a kill. */
export type Fault = {
  readonly name: string;
  readonly begin: (world: FaultWorld) => Promise<unknown>;
  readonly end: (world: FaultWorld) => Promise<unknown>;
  /** What people have to do when it is over and every kill has been answered. */
  readonly afterwards?: (world: FaultWorld) => Promise<unknown>;
  /** Both the store and the spool are away: a kill may be kept nowhere then, has to say so, and is asked for again. */
  readonly keptNowhere?: true;
  /** The control plane itself is away: a kill is asked for again until there is an answer. */
  readonly noAnswer?: true;
  /** Engines end of it too: then their leases and the venues bound them. */
  readonly endsEngines?: true;
  /** Engines take the control plane's word only with the right time in it: then it is the lease alone that stops them. */
  readonly haltRefused?: true;
  /** Nothing that a kill waits for: it is acknowledged while the fault goes on. */
  readonly keepsNobody?: true;
  /** What the fault asks of every plan, e.g. two kills at one moment. */
  readonly shape?: (plan: KillPlan, lengthMs: number) => KillPlan;
  /** Done to each strategy right before the fault begins. */
  readonly prepare?: (strategy: string, world: FaultWorld) => Promise<unknown>;
  /** The token to kill with, instead of a fresh one. */
  readonly token?: (as: 'trader' | 'risk', world: FaultWorld) => Promise<string>;
};
