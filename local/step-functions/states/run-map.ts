import type { MapState } from '../definition/machine.ts';
import { evaluation } from '../execution/context.ts';
import { emit } from '../execution/history.ts';
import { type Departure, prepareDeparture } from '../execution/leave-state.ts';
import { commit, current, type FanProgress, type Line, save } from '../execution/line.ts';
import { evaluateTemplate, evaluationFailure, expectType } from '../expressions/evaluate-template.ts';
import type { Json } from '../json.ts';
import { closing } from './closing.ts';
import { fanOut } from './fan-out.ts';

/** Runs the item processor once per item (INLINE); the result is the list of outputs, in the order of the items. */
export async function runMap(line: Line, state: MapState): Promise<Departure> {
  const progress = current(line).visit.fan ?? (await closing('Map', () => start(line, state)));
  const scopeOf = () => state.ItemProcessor;
  const result = progress.result?.value ?? (await fanOut(line, { type: 'Map', scopeOf, progress }));
  return prepareDeparture(state, { evaluation: evaluation(line, { result }), fallback: result });
}

async function start(line: Line, state: MapState): Promise<FanProgress> {
  const items = await itemsOf(line, state);
  const limit = await limitOf(line, state);
  const inputs = await inputsOf(line, state, items);
  const progress: FanProgress = { inputs, limit, ...(inputs !== items && { items }) };
  commit(line, () => {
    emit(line, 'MapStateStarted', { length: items.length });
    current(line).visit.fan = progress;
    save(line);
  });
  return progress;
}

async function itemsOf(line: Line, { Items }: MapState): Promise<Json[]> {
  const evaluated = evaluation(line);
  const value = Items === undefined ? line.cursor.input : await evaluateTemplate(Items, 'Items', evaluated);
  if (Items !== undefined) expectType({ value, template: Items, field: 'Items' }, 'array', evaluated);
  if (Array.isArray(value)) return value;
  const what = `Map state input must be an array but was: ${JSON.stringify(value)}`;
  throw evaluationFailure(what, undefined, evaluated);
}

async function limitOf(line: Line, { MaxConcurrency: template }: MapState): Promise<number> {
  if (template === undefined) return 0;
  const evaluated = evaluation(line);
  const value = await evaluateTemplate(template, 'MaxConcurrency', evaluated);
  expectType({ value, template, field: 'MaxConcurrency' }, 'number', evaluated);
  return Math.max(0, Math.floor(Number(value)));
}

/** All inputs are made before the first iteration, so that a restart evaluates none of them again. */
async function inputsOf(line: Line, { ItemSelector }: MapState, items: readonly Json[]): Promise<readonly Json[]> {
  if (ItemSelector === undefined) return items;
  const inputs: Json[] = [];
  for (const [Index, Value] of items.entries()) {
    const evaluated = evaluation(line, { item: { Index, Value } });
    inputs.push(await evaluateTemplate(ItemSelector, 'ItemSelector', evaluated));
  }
  return inputs;
}
