import assert from 'node:assert/strict';
import * as z from 'zod';
import type { CliResult } from '../../rehearsal/cli-process.ts';
import { healthTick } from './aws-of-the-host.ts';
import type { Answer, Seen } from './control-plane.ts';
import type { OnALocalHost, StrategyName } from './on-a-local-host.ts';
import type { DemoName } from './tokens.ts';

/** Problem details (RFC 9457), with the code and the sentence that says what to do. */
const Problem = z.looseObject({
  type: z.string().min(1),
  title: z.string().min(1),
  status: z.int(),
  detail: z.string().min(8),
  code: z.string(),
  next: z.string().min(8),
  facts: z.record(z.string(), z.unknown()).optional(),
});

/** The answer is the problem details of this refusal, and nothing else. */
export function isRefusal({ status, type, body }: Answer, code: string, expected: number): z.infer<typeof Problem> {
  const problem = Problem.parse(body);
  assert.deepEqual([problem.code, problem.status, status], [code, expected, expected], problem.detail);
  assert.match(type, /^application\/problem\+json/);
  return problem;
}

/** The command ended with this exit code and told this refusal, with what to do next. */
export function cliRefused({ code, lines, words }: CliResult, refusal: string, exitCode: number): void {
  assert.equal(code, exitCode, words);
  const told = JSON.stringify(lines.at(-1) ?? {}) + words;
  assert.ok(told.includes(refusal), `${refusal} is not in: ${told}`);
  assert.match(words, /→|next|launch again|look|ask|log in|wait|list/i);
}

/** What a finished run is looked back on with, whenever its machine comes to it, and what the watchdog finds on a busy machine: none of it is anybody's doing. */
const NOBODYS_DOING = /^(review|archive|alert)\.|^run\.archived$/;

const remembered = ({ mode, epoch, run }: Seen) => ({ mode, epoch, run });

/** Whatever is done leaves the strategy as it is: same mode, epoch and run, and not one entry more in its ledger, but for those that are nobody's doing. */
export async function changesNothing<T>(here: OnALocalHost, strategy: StrategyName, act: () => Promise<T>): Promise<T> {
  const before = await here.view(strategy);
  const result = await act();
  assert.deepEqual(remembered(await here.view(strategy)), remembered(before));
  const since = (await here.log(strategy, before.ledger.size)).entries.map(({ entry }) => String(entry['type']));
  assert.deepEqual(
    since.filter((type) => !NOBODYS_DOING.test(type)),
    [],
  );
  return result;
}

/** Whatever is done leaves exactly one refused attempt in the access log, once its minute is sealed: this person, this code. */
export async function isNoted<T>(here: OnALocalHost, as: DemoName, code: string, act: () => Promise<T>): Promise<T> {
  await healthTick(here.host.data, { sealNow: true });
  const before = await accessLogSize(here);
  const result = await act();
  const noted = (await refusalsSince(here, before)).map(({ actor, payload }) => [actor, payload.code, payload.count]);
  assert.deepEqual(noted, [[await here.tokenOf.subjectOf(as), code, 1]]);
  return result;
}

const Refused = z.looseObject({
  type: z.literal('access.refused'),
  actor: z.string(),
  payload: z.looseObject({ code: z.string(), count: z.int(), minute: z.string() }),
});

/** The entries of the access log from an index on, with all that was refused until now. */
export async function refusalsSince(here: OnALocalHost, index: number): Promise<z.infer<typeof Refused>[]> {
  await healthTick(here.host.data, { sealNow: true });
  if ((await accessLogSize(here)) === 0) return [];
  return (await here.log('access', index)).entries.map(({ entry }) => Refused.parse(entry));
}

/** Nothing before the first sealing: then there is no such log yet. */
export async function accessLogSize(here: OnALocalHost): Promise<number> {
  const { body } = await here.ask('/v1/ledger/access?limit=1', { as: 'auditor', method: 'GET' });
  return Number(body['size'] ?? 0);
}
