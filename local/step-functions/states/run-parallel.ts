import type { ParallelState, Scope } from '../definition/machine.ts';
import { evaluation } from '../execution/context.ts';
import { emit } from '../execution/history.ts';
import { type Departure, prepareDeparture } from '../execution/leave-state.ts';
import { commit, current, type FanProgress, type Line, save } from '../execution/line.ts';
import { evaluateTemplate } from '../expressions/evaluate-template.ts';
import { closing } from './closing.ts';
import { fanOut } from './fan-out.ts';

const NOTHING: Scope = { StartAt: '', States: {} };

/** Runs all branches at once; the result is the list of their outputs, in the order of the branches. */
export async function runParallel(line: Line, state: ParallelState): Promise<Departure> {
  const progress = current(line).visit.fan ?? (await closing('Parallel', () => start(line, state)));
  const scopeOf = (index: number) => state.Branches[index] ?? NOTHING;
  const result = progress.result?.value ?? (await fanOut(line, { type: 'Parallel', scopeOf, progress }));
  return prepareDeparture(state, { evaluation: evaluation(line, { result }), fallback: result });
}

async function start(line: Line, { Arguments, Branches }: ParallelState): Promise<FanProgress> {
  const { cursor } = line;
  const input =
    Arguments === undefined ? cursor.input : await evaluateTemplate(Arguments, 'Arguments', evaluation(line));
  const progress: FanProgress = { inputs: Branches.map(() => input), limit: 0 };
  commit(line, () => {
    emit(line, 'ParallelStateStarted');
    current(line).visit.fan = progress;
    save(line);
  });
  return progress;
}
