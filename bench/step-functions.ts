import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../local/step-functions/clock.ts';
import { createEngine } from '../local/step-functions/create-engine.ts';
import { putMachine } from '../local/step-functions/wire/machine-operations.ts';

/**
 * Time per state with full durability (every commit reaches the disk), against the budget of 1 ms. One machine of 100
 * states per measurement, run alone, and 50 at once; a Task calls a function in this process, so HTTP is left out.
 */
const BUDGET_MS = 1;
const STATES = 100;
const ROUNDS = 30;
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

const kinds: Record<string, object> = {
  Pass: { Type: 'Pass' },
  'Pass with JSONata': { Type: 'Pass', Output: "{% $merge([$states.input, { 'n': 1 + 1 }]) %}" },
  Task: { Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:000000000000:function:f' },
};

function machineOf(kind: string, state: object) {
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
async function run(machineArn: string) {
  const from = performance.now();
  const { arn } = engine.start({ machineArn, input: '{}' });
  await new Promise<void>((resolve) => engine.completions.set(arn, new Set([resolve])));
  await engine.journal.durable();
  return (performance.now() - from) / STATES;
}

function quantile(values: readonly number[], share: number) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;
}

let worst = 0;
for (const [kind, state] of Object.entries(kinds)) {
  const machine = machineOf(kind, state);
  for (let warm = 0; warm < 5; warm += 1) await run(machine);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) times.push(await run(machine));
  const from = performance.now();
  await Promise.all(Array.from({ length: 50 }, () => run(machine)));
  const rate = Math.round((50 * STATES * 1000) / (performance.now() - from));
  const p50 = quantile(times, 0.5);
  worst = Math.max(worst, p50);
  const line = `p50 ${p50.toFixed(3)} ms, p95 ${quantile(times, 0.95).toFixed(3)} ms per state; 50 at once: ${rate} states/s`;
  process.stdout.write(`${kind.padEnd(18)} ${line}\n`);
}
process.stdout.write(
  `budget ${BUDGET_MS} ms per state: ${worst <= BUDGET_MS ? 'kept' : `MISSED (${worst.toFixed(3)} ms)`}\n`,
);
close();
rmSync(folder, { recursive: true });
process.exitCode = worst <= BUDGET_MS ? 0 : 1;
