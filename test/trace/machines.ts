import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as z from 'zod';
import { aslSteps } from '../../lib/asl-file.ts';

/** A state of a machine as it is drawn: what the trace maps. */
export type DrawnState = {
  readonly name: string;
  readonly isEnd: boolean;
  readonly comment: string;
};

const State = z.looseObject({
  Type: z.string(),
  Comment: z.string().default(''),
  Branches: z.array(z.looseObject({ States: z.record(z.string(), z.unknown()) })).optional(),
});
const Machine = z.looseObject({ States: z.record(z.string(), z.unknown()) });

const ENDS = ['Succeed', 'Fail', 'Pass', 'Choice'];

const KIND = '.asl.json';

/** The machines of `statemachines/`, by name, each with its file. */
function drawnMachines(root: string): { readonly machine: string; readonly file: string }[] {
  const folder = join(root, 'statemachines');
  const names = readdirSync(folder).filter((name) => name.endsWith(KIND));
  return names.map((name) => ({ machine: basename(name, KIND), file: join(folder, name) }));
}

/** Every state of them, those inside of branches too, by `<machine>/<state>`. */
export function drawnStates(root: string): Map<string, DrawnState> {
  const states = drawnMachines(root).flatMap(({ machine, file }) =>
    statesIn(machine, Machine.parse(JSON.parse(readFileSync(file, 'utf8'))).States),
  );
  return new Map(states.map((state) => [state.name, state]));
}

/** Every Lambda that they call, by `<machine>/<file>`. */
export const calledLambdas = (root: string): string[] =>
  drawnMachines(root).flatMap(({ machine, file }) => aslSteps(file).map(({ name }) => `${machine}/${name}`));

function statesIn(machine: string, states: Readonly<Record<string, unknown>>): DrawnState[] {
  return Object.entries(states).flatMap(([name, drawn]) => {
    const { Type, Comment, Branches = [] } = State.parse(drawn);
    const own = { name: `${machine}/${name}`, isEnd: ENDS.includes(Type), comment: Comment };
    return [own, ...Branches.flatMap((branch) => statesIn(machine, branch.States))];
  });
}
