import { readFileSync } from 'node:fs';
import jsonata from 'jsonata';
import { closeAsStable } from '../../../domain/venue-incident/close-as-stable.ts';
import { closeIncident } from '../../../domain/venue-incident/close-incident.ts';
import { fileOpening } from '../../../domain/venue-incident/file-opening.ts';
import { KillUnstable, killUnstable } from '../../../domain/venue-incident/kill-unstable.ts';
import { throttleStrategy } from '../../../domain/venue-incident/throttle-strategy.ts';
import { VenueStep } from '../../../domain/venue-incident/venue-step.ts';
import { watchVenue } from '../../../domain/venue-incident/watch-venue.ts';
import { fromRoot } from '../../../lib/from-root.ts';
import type { World } from '../../fakes/world.ts';

type State = {
  Type: 'Task' | 'Wait' | 'Choice' | 'Succeed' | 'Fail';
  Resource?: string;
  Arguments?: string;
  Assign?: Record<string, string>;
  Catch?: { ErrorEquals: string[]; Next: string; Assign?: Record<string, string> }[];
  Timestamp?: string;
  Choices?: { Condition: string; Next: string }[];
  Default?: string;
  Next?: string;
};
const machine: { StartAt: string; States: Record<string, State> } = JSON.parse(
  readFileSync(fromRoot('statemachines/venue-instability.asl.json'), 'utf8'),
);

/** Its states, in the order of the file. */
export const STATES = Object.keys(machine.States);

const LAMBDAS: Record<string, (input: unknown, ports: World['ports']) => Promise<unknown>> = {
  OpenVenueIncident: (input, ports) => fileOpening(VenueStep.parse(input), ports),
  ThrottleStrategy: (input, ports) => throttleStrategy(VenueStep.parse(input), ports),
  WatchVenue: (input, ports) => watchVenue(VenueStep.parse(input), ports),
  KillStrategy: (input, ports) => killUnstable(KillUnstable.parse(input), ports),
  CloseAsStable: (input, ports) => closeAsStable(VenueStep.parse(input), ports),
  CloseIncident: (input, ports) => closeIncident(VenueStep.parse(input), ports),
};

export type Walk = {
  /** Before a state begins; `times` says how often it has begun before. */
  readonly before?: (state: string, times: number) => void | Promise<void>;
  /** From this state on, as the same execution goes on after a restart. */
  readonly from?: string;
};

/** What an execution has assigned so far. */
type Variables = { values: Record<string, unknown> };
type Line = { readonly made: World; readonly input: object; readonly variables: Variables };

/**
 * Runs the machine as its file draws it, its expressions evaluated, on the clock of the world; a task that fails is not retried, but caught. Answers the
 * states it went through.
 */
export async function walk(
  made: World,
  input: object,
  { before, from = machine.StartAt }: Walk = {},
): Promise<string[]> {
  const path: string[] = [];
  const line: Line = {
    made,
    input,
    variables: { values: from === machine.StartAt ? {} : { run: input, failure: {} } },
  };
  for (let at = from; path.length < 500; ) {
    await before?.(at, path.filter((each) => each === at).length);
    path.push(at);
    const state = machine.States[at];
    if (!state || state.Type === 'Succeed' || state.Type === 'Fail') return path;
    at = (await passed(state, line)) ?? '';
  }
  throw new Error('it never ends');
}

async function passed(state: State, line: Line): Promise<string | undefined> {
  if (state.Type === 'Task') return task(state, line);
  if (state.Type === 'Choice') return choice(state, line);
  const until = Date.parse(String(await evaluated(state.Timestamp, line)));
  line.made.clock.now = new Date(Math.max(until, line.made.clock.now.getTime()));
  return state.Next;
}

async function choice({ Choices = [], Default }: State, line: Line): Promise<string | undefined> {
  for (const { Condition, Next } of Choices) if (await evaluated(Condition, line)) return Next;
  return Default;
}

async function task({ Resource = '', Arguments, Assign, Catch = [], Next }: State, line: Line) {
  try {
    const lambda = LAMBDAS[/\w+/.exec(Resource)?.[0] ?? ''];
    const result = await lambda?.(await evaluated(Arguments, line), line.made.ports);
    await assign(Assign, line, { result });
    return Next;
  } catch (error) {
    const { name, message } = error as Error;
    const caught = Catch.find(({ ErrorEquals }) => ErrorEquals.includes(name) || ErrorEquals.includes('States.ALL'));
    if (!caught) throw error;
    const errorOutput = { Error: name, Cause: JSON.stringify({ errorMessage: message }) };
    await assign(caught.Assign, line, { errorOutput });
    return caught.Next;
  }
}

async function assign(templates: Record<string, string> = {}, line: Line, states: object): Promise<void> {
  for (const [name, template] of Object.entries(templates))
    line.variables.values = { ...line.variables.values, [name]: await evaluated(template, line, states) };
}

function evaluated(template = '', { made, input, variables }: Line, states: object = {}): Promise<unknown> {
  const expression = jsonata(template.slice(2, -2));
  expression.registerFunction('millis', () => made.clock.now.getTime());
  return expression.evaluate({}, { ...variables.values, states: { input, ...states } });
}
