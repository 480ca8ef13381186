import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../local/step-functions/clock.ts';
import { createEngine } from '../local/step-functions/create-engine.ts';
import { putMachine } from '../local/step-functions/wire/machine-operations.ts';
import { type Figure, percentile } from './figure.ts';

type Engine = ReturnType<typeof createEngine>['engine'];

const BUDGET_MS = 1;
const STATES = 100;
const WARM_UP = 5;
const ROUNDS = 30;
const AT_ONCE = 50;

const KINDS: Readonly<Record<string, object>> = {
  Pass: { Type: 'Pass' },
  'Pass with JSONata': { Type: 'Pass', Output: "{% $merge([$states.input, { 'n': 1 + 1 }]) %}" },
  Task: { Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:000000000000:function:f' },
};

/**
 * Time per state of the local state machine engine with full durability: every commit reaches the disk. One machine of 100
 * states, run alone and 50 at once; a Task calls a function in this process, so HTTP is left out.
 */
export async function stateFigures(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-step-functions-'));
  const answered = { status: 200, headers: {}, body: '{"ok":true}' };
  const { engine, close } = createEngine({
    path: join(folder, 'sfn.db'),
    region: 'us-east-1',
    ports: { clock: systemClock, random: Math.random, id: randomUUID },
    endpoints: { lambda: async () => answered, events: async () => answered },
    deliver: async () => {},
    onFault: (fault) => {
      throw fault;
    },
  });
  try {
    const figures: Figure[] = [];
    for (const [kind, state] of Object.entries(KINDS)) figures.push(...(await measured(engine, kind, state)));
    return figures;
  } finally {
    close();
    rmSync(folder, { recursive: true });
  }
}

async function measured(engine: Engine, kind: string, state: object): Promise<Figure[]> {
  const machine = machineOf(engine, kind, state);
  for (let warm = 0; warm < WARM_UP; warm += 1) await run(engine, machine);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) times.push(await run(engine, machine));
  const from = performance.now();
  await Promise.all(Array.from({ length: AT_ONCE }, () => run(engine, machine)));
  const rate = (AT_ONCE * STATES * 1000) / (performance.now() - from);
  return [
    { name: `state machine, ${kind}, per state p50`, value: percentile(times, 0.5), unit: 'ms', budget: BUDGET_MS },
    { name: `state machine, ${kind}, ${AT_ONCE} executions at once`, value: rate, unit: '/s', note: 'states' },
  ];
}

function machineOf(engine: Engine, kind: string, state: object): string {
  const States = Object.fromEntries(
    Array.from({ length: STATES }, (_, index) => [
      `S${index}`,
      { ...state, ...(index === STATES - 1 ? { End: true } : { Next: `S${index + 1}` }) },
    ]),
  );
  const definition = JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'S0', States });
  return putMachine(engine, { name: kind.replaceAll(' ', '-'), definition });
}

/** Runs one execution to its durable end; ms per state. */
async function run(engine: Engine, machineArn: string): Promise<number> {
  const from = performance.now();
  const { arn } = engine.start({ machineArn, input: '{}' });
  await new Promise<void>((resolve) => engine.completions.set(arn, new Set([resolve])));
  await engine.journal.durable();
  return (performance.now() - from) / STATES;
}
