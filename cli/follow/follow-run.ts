import type { ApiClient } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { utc } from '../output/marks.ts';
import { type Approval, Approvals, RunDetail, type RunStep } from '../replies.ts';

export type FollowOptions = {
  /** `people`: stop as soon as somebody has to sign. `end`: go on until the run has ended. */
  readonly until: 'people' | 'end';
  readonly timeoutMs: number;
  /** Called before each wait; what it returns overwrites itself on the terminal. */
  readonly waitingFor?: () => Promise<string>;
};

export type Followed = { readonly run: RunDetail; readonly approvals: readonly Approval[] };

const PAUSE_MS = 200;
/** The projection of a run may lag behind its acceptance by this long. */
const UNSEEN_MS = 5000;

/** Follows one run step by step, from the API only, until it ends or needs people. Refuses to wait longer than it was told. */
export async function followRun(
  context: Context,
  api: ApiClient,
  runId: string,
  options: FollowOptions,
): Promise<Followed> {
  const { surroundings, out } = context;
  const seen = new Map<string, RunStep['status']>();
  const startedAt = surroundings.elapsedMs();
  for (;;) {
    const elapsed = surroundings.elapsedMs() - startedAt;
    const run = await runOf(api, runId, elapsed < UNSEEN_MS);
    const followed = run && (await observe(context, api, run, seen, options.until));
    if (followed) return followed;
    if (surroundings.interrupted.aborted) throw interrupted(context, runId);
    if (elapsed > options.timeoutMs) throw tooLate(context, runId, options.timeoutMs);
    out.transient(await (options.waitingFor?.() ?? waitingLine(run)));
    await surroundings.sleep(PAUSE_MS);
  }
}

/** Tells what is new about a run; gives it back when there is nothing more to follow. */
async function observe(
  context: Context,
  api: ApiClient,
  run: RunDetail,
  seen: Map<string, RunStep['status']>,
  until: FollowOptions['until'],
): Promise<Followed | undefined> {
  announceSteps(context, run, seen);
  if (run.status !== 'RUNNING') return { run, approvals: [] };
  const approvals = until === 'people' ? await openApprovals(api, run.id) : [];
  return approvals.length > 0 ? { run, approvals } : undefined;
}

/** The approvals of a run that still wait for somebody. */
export const openApprovals = async (api: ApiClient, runId: string): Promise<Approval[]> =>
  (await api.get('/v1/approvals', Approvals)).approvals.filter(
    (each) => each.runId === runId && each.status === 'open',
  );

async function runOf(api: ApiClient, runId: string, mayLag: boolean): Promise<RunDetail | undefined> {
  try {
    return await api.get(`/v1/runs/${encodeURIComponent(runId)}`, RunDetail);
  } catch (error) {
    if (mayLag && error instanceof CliError && (error.code === 'UnknownRun' || error.code === 'NotFound'))
      return undefined;
    throw error;
  }
}

function announceSteps({ out }: Context, run: RunDetail, seen: Map<string, RunStep['status']>): void {
  for (const step of run.steps) {
    const key = `${step.name} ${step.startedAt}`;
    if (seen.get(key) === step.status) continue;
    seen.set(key, step.status);
    const summary = step.summary ? `: ${step.summary}` : '';
    out.step(step.status, `${step.name}${summary}`, step.durationMs, { run: run.id, step });
  }
}

const waitingLine = (run: RunDetail | undefined) => {
  const step = run?.steps.findLast(({ status }) => status === 'running');
  return step ? `  ${step.name}, since ${utc(step.startedAt)}` : '  waiting for the run to begin';
};

const interrupted = ({ command }: Context, runId: string) =>
  new CliError(
    'interrupted',
    'you stopped following; the run goes on',
    `follow it again: ${command(`runs ${runId} --follow`)}`,
    { code: 'Interrupted' },
  );

const tooLate = ({ command }: Context, runId: string, ms: number) =>
  new CliError(
    'timeout',
    `${runId} was not through after ${Math.round(ms / 1000)} s; it goes on`,
    `follow it: ${command(`runs ${runId} --follow`)}`,
    {
      code: 'FollowTimedOut',
    },
  );
