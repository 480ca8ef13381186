import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Approval } from '../../cli/replies.ts';
import { eventually } from '../../rehearsal/eventually.ts';
import type { OnALocalHost, StrategyName } from './on-a-local-host.ts';
import type { DemoName } from './tokens.ts';

/** The points at which a launch waits, in order. */
export type WaitingPoint = 'two confirmations' | 'the second confirmation' | 'the flip' | 'nothing: it is live';

export const launchPath = (strategy: string) => `/v1/strategies/${strategy}/launches`;
export const killPath = (strategy: string) => `/v1/strategies/${strategy}/kills`;
export const stopPath = (strategy: string) => `/v1/strategies/${strategy}/stops`;

/** The trader asks for the launch; it is accepted, which says nothing about its gates yet. */
export const startLaunch = (here: OnALocalHost, strategy: StrategyName, body: Record<string, unknown> = {}) =>
  here.accepted(launchPath(strategy), { as: 'trader', body: { environment: 'prod', ...body } });

/** Kills as the command line does: under the same key again until the reply says that it is latched. Answers the run. */
export async function killed(
  here: OnALocalHost,
  strategy: StrategyName,
  as: DemoName,
  reason: string,
): Promise<string> {
  const [key, body] = [randomUUID(), { reason }];
  const latched = await eventually(
    `a latched kill of ${strategy}`,
    () => here.ask(killPath(strategy), { as, key, body }),
    (reply) => reply.body['latched'] === true,
  );
  return String(latched.body['runId']);
}

/** A person answers a question, over the digest of its document: a yes with the signature of their authenticator. */
export async function answer(
  here: OnALocalHost,
  { id, digest }: Approval,
  as: DemoName,
  decision: 'approve' | 'decline' = 'approve',
) {
  const assertion = decision === 'approve' ? await here.assertion(as, digest) : undefined;
  return here.ask(`/v1/approvals/${id}/signatures`, { as, body: { decision, digest, assertion } });
}

async function signs(here: OnALocalHost, approval: Approval, as: DemoName): Promise<void> {
  const { status, body } = await answer(here, approval, as);
  assert.equal(status, 200, JSON.stringify(body));
}

/** Launches with the right people up to where it waits, or until it is live; answers the run. */
export async function launchedUntil(here: OnALocalHost, strategy: StrategyName, point: WaitingPoint): Promise<string> {
  const runId = await startLaunch(here, strategy);
  const plan = await here.question(runId, 'launch-confirmation');
  if (point === 'two confirmations') return runId;
  await signs(here, plan, 'trader');
  if (point === 'the second confirmation') return runId;
  await signs(here, plan, 'risk');
  const flip = await here.question(runId, 'flag-flip');
  if (point === 'the flip') return runId;
  await signs(here, flip, 'trader');
  const { status, failure } = await here.ended(runId);
  assert.equal(status, 'SUCCEEDED', JSON.stringify(failure));
  return runId;
}

/** A launch that has its first confirmation; the risk officer's (`goOn`) lets it run into the gates. */
export async function confirmedOnce(here: OnALocalHost, strategy: StrategyName) {
  const run = await launchedUntil(here, strategy, 'the second confirmation');
  const plan = await here.question(run, 'launch-confirmation');
  return { run, goOn: async () => assert.equal((await answer(here, plan, 'risk')).status, 200) };
}

/** The checks that said no. */
export const noes = (failure: Awaited<ReturnType<typeof isWithdrawn>>) =>
  (failure?.findings ?? []).filter(({ verdict }) => verdict === 'no-go').map(({ check }) => check);

/** The launch ended without success, for this reason; the strategy is off, unlocked, its flag off. Answers what people are told. */
export async function isWithdrawn(here: OnALocalHost, runId: string, strategy: StrategyName, code: string) {
  const { status, failure } = await here.ended(runId);
  const { mode, lock } = await here.modeIs(strategy, 'OFF');

  assert.deepEqual([status, failure?.code, mode, lock], ['FAILED', code, 'OFF', null], JSON.stringify(failure));
  assert.equal(await here.eyes[strategy].flag(), false);
  return failure;
}
