import type { Clock, Ports } from './clock.ts';
import type { Endpoints, Engine } from './engine.ts';
import { createAnnouncer } from './execution/announce-status.ts';
import { recoverExecutions } from './execution/recover-executions.ts';
import { startExecution } from './execution/start-execution.ts';
import type { StatusEvent } from './execution/status-event.ts';
import { stopExecution } from './execution/stop-execution.ts';
import { addedFunctions } from './expressions/added-functions.ts';
import { openJournal } from './journal/journal.ts';

export interface EngineOptions {
  /** File of the journal; created when absent. */
  readonly path: string;
  readonly region: string;
  readonly ports: Ports;
  readonly endpoints: Endpoints;
  /** Told of every RUNNING and every end, again until it resolves. */
  readonly deliver: (event: StatusEvent) => Promise<void>;
  /** A broken disk or a bug: whoever owns the engine must end it, since going on could lose or repeat work. */
  readonly onFault: (fault: unknown) => void;
}

/** Opens the journal and goes on with whatever was running. `close` leaves executions running, for the next start. */
export function createEngine({ path, region, endpoints, deliver, onFault, ports: given }: EngineOptions) {
  let closed = false;
  const ports = { ...given, clock: untilClosed(given.clock, () => closed) };
  const fault = (what: unknown) => {
    if (!closed) onFault(what);
  };
  const journal = openJournal(path, { onFault: fault });
  const announcer = createAnnouncer(journal, ports.clock, deliver);
  const engine: Engine = {
    journal,
    ports,
    region,
    endpoints,
    functions: addedFunctions(ports),
    runs: new Map(),
    callbacks: new Map(),
    completions: new Map(),
    announce: announcer.announce,
    start: (request) => startExecution(engine, request),
    stop: (arn, reason) => stopExecution(engine, arn, reason),
    fault,
  };
  recoverExecutions(engine);
  announcer.announce();
  const close = () => {
    closed = true;
    announcer.close();
    journal.close();
  };
  return { engine, close };
}

/** The timers of an engine that was closed do nothing: the next engine on the journal arms its own. */
function untilClosed(clock: Clock, closed: () => boolean): Clock {
  return {
    now: clock.now,
    at: (due, action) =>
      clock.at(due, () => {
        if (!closed()) action();
      }),
  };
}
