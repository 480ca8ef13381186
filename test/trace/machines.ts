import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as z from 'zod';
import { lambdaOf } from './lambda-of.ts';

/** A state of a machine as it is drawn: what the trace maps. */
export type DrawnState = {
  readonly name: string;
  readonly isEnd: boolean;
  readonly comment: string;
  readonly lambda?: string;
};

const State = z.looseObject({
  Type: z.string(),
  Comment: z.string().default(''),
  Resource: z.string().optional(),
  Arguments: z.unknown().optional(),
  Branches: z.array(z.looseObject({ States: z.record(z.string(), z.unknown()) })).optional(),
});
const Machine = z.looseObject({ States: z.record(z.string(), z.unknown()) });
const Asked = z.looseObject({ FunctionName: z.string() });

const ENDS = ['Succeed', 'Fail', 'Pass', 'Choice'];

/** Every state of `statemachines/`, those inside of branches too, by `<machine>/<state>`. */
export function drawnStates(root: string): Map<string, DrawnState> {
  const folder = join(root, 'statemachines');
  const found = new Map<string, DrawnState>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.asl.json'))) {
    const machine = basename(file, '.asl.json');
    const { States } = Machine.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
    for (const state of statesIn(machine, States)) found.set(state.name, state);
  }
  return found;
}

function statesIn(machine: string, states: Readonly<Record<string, unknown>>): DrawnState[] {
  return Object.entries(states).flatMap(([name, drawn]) => {
    const { Type, Comment, Resource, Arguments, Branches = [] } = State.parse(drawn);
    const named = Asked.safeParse(Arguments).data?.FunctionName ?? Resource;
    const lambda = named === undefined ? undefined : lambdaOf(machine, named);
    const own = { name: `${machine}/${name}`, isEnd: ENDS.includes(Type), comment: Comment, ...(lambda && { lambda }) };
    return [own, ...Branches.flatMap((branch) => statesIn(machine, branch.States))];
  });
}
