import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import * as z from 'zod';
import { startLocalHost } from '../rehearsal/local-host.ts';
import { benchTemplate } from './bench-template.ts';
import { type Figure, percentile } from './figure.ts';
import { targetOf } from './kill-figures.ts';
import { kills, type Target } from './kills.ts';

const STRATEGIES = 16;
const WARM_UP = 48;
const ROUNDS = 4;
const EACH = 80;
const PER_SECOND = 1_000;

const Counts = z.object({ sent: z.int(), answered: z.int() });

/** Kills by one client, in turns with nothing else and beside junk on other routes: the two are compared within one run. */
export async function junkFigures(): Promise<Figure[]> {
  const { template, strategies } = await benchTemplate(STRATEGIES);
  const host = await startLocalHost({ options: ['--template', template] });
  try {
    return await inTurns(await targetOf(host, strategies));
  } finally {
    await host.close();
  }
}

async function inTurns(target: Target): Promise<Figure[]> {
  await kills(target, 1, WARM_UP);
  const [quiet, beside]: [number[], number[]] = [[], []];
  let [sent, seconds] = [0, 0];
  for (let round = 0; round < ROUNDS; round += 1) {
    quiet.push(...(await timesOf(target)));
    const startedAt = performance.now();
    const stop = junkOn(target.url);
    beside.push(...(await timesOf(target)));
    sent += (await stop()).sent;
    seconds += (performance.now() - startedAt) / 1000;
  }
  return figuresOf(quiet, beside, sent / seconds);
}

const timesOf = async (target: Target): Promise<number[]> => (await kills(target, 1, EACH)).samples.map(({ ms }) => ms);

/** Starts the junk; what it answers ends it, and says how much there was. */
function junkOn(url: string): () => Promise<z.infer<typeof Counts>> {
  const worker = new Worker(new URL('./junk-worker.ts', import.meta.url), {
    workerData: { url, perSecond: PER_SECOND },
  });
  return async () => {
    const told = once(worker, 'message');
    worker.postMessage('enough');
    const [counts]: unknown[] = await told;
    await worker.terminate();
    return Counts.parse(counts);
  };
}

function figuresOf(quiet: readonly number[], beside: readonly number[], perSecond: number): Figure[] {
  const note = `${perSecond.toFixed(0)} junk requests/s sent from the same machine, ${ROUNDS} turns of ${EACH} kills each`;
  const ratio = (part: number) => percentile(beside, part) / percentile(quiet, part);
  return [
    { name: 'kill acknowledged, without junk, p50', value: percentile(quiet, 0.5), unit: 'ms', budget: 5, note },
    { name: 'kill acknowledged, without junk, p99', value: percentile(quiet, 0.99), unit: 'ms', budget: 12, note },
    { name: 'kill acknowledged, beside junk, p50', value: percentile(beside, 0.5), unit: 'ms', budget: 5, note },
    { name: 'kill acknowledged, beside junk, p99', value: percentile(beside, 0.99), unit: 'ms', budget: 12, note },
    { name: 'beside junk to without, p50', value: ratio(0.5), unit: 'x' },
    { name: 'beside junk to without, p99', value: ratio(0.99), unit: 'x' },
  ];
}
