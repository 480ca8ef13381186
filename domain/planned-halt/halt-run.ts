import type { RunId, StrategyId } from '../ids.ts';
import { runName } from '../run-name.ts';
import type { PlannedHalt } from './planned-halt.ts';

/** The run that begins a planned halt at its time: the same for every try, however late. */
export const runOfHalt = (strategyId: StrategyId, { id, at }: Pick<PlannedHalt, 'id' | 'at'>): RunId =>
  runName('stop', strategyId, `planned-halt/${id}`, new Date(at));
