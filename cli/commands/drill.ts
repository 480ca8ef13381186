import type { ApiClient } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { openApprovals } from '../follow/follow-run.ts';
import { announceApprovals } from '../follow/next-signatures.ts';
import { duration, type Mark } from '../output/marks.ts';
import { DrillOpened, type DrillPhase, DrillView, KillAccepted } from '../replies.ts';
import { strategyPath } from '../strategy-path.ts';
import { requirePassed, tellScore } from './drill-records.ts';

export type DrillOptions = { readonly strategy: string; readonly reason?: string };

const INSIST = { withinMs: 10_000, attemptMs: 5_000 }; // as `kill` does
const LOOK_AGAIN_MS = 250;

/**
 * The rehearsal of a kill. Opens the drill, which proves that nothing is live and halts nothing; then sends the kill that
 * `kill` would send, under the key that the drill was given; then follows it until nothing but the second signature is missing.
 * The strategy stays latched: the way back is that of every kill.
 */
export async function drillKill(context: Context, { strategy, reason }: DrillOptions): Promise<void> {
  const { out, surroundings } = context;
  const api = await context.api('operate');
  const opened = await api.post(strategyPath(strategy, 'drills'), DrillOpened, {
    body: reason === undefined ? {} : { reason },
    idempotencyKey: surroundings.newKey(),
  });
  out.step('succeeded', opened.summary, undefined, opened);
  const startedAt = surroundings.elapsedMs();
  const accepted = await sendKill(context, strategy, opened);
  out.step('succeeded', `${accepted.summary}`, surroundings.elapsedMs() - startedAt, accepted);
  if (accepted.runId !== opened.runId) throw notTheDrill(accepted.runId, opened.runId);
  const view = await followDrill(context, api, opened.runId);
  tellScore(context, view);
  announceApprovals(context, await openApprovals(api, opened.runId));
  out.note(`\nthe whole score, once it is confirmed: ${context.command(`drill show ${opened.runId}`)}`);
  out.note(
    `the way back is that of every kill:\n${[accepted.wayBack]
      .flat()
      .map((line) => `  ${line}`)
      .join('\n')}`,
  );
  requirePassed(view);
}

/** The very request of `kill`. */
async function sendKill(context: Context, strategy: string, { killKey, reason }: DrillOpened): Promise<KillAccepted> {
  const api = await context.api('kill');
  return api.insist(
    strategyPath(strategy, 'kills'),
    KillAccepted,
    { body: { reason }, idempotencyKey: killKey },
    {
      ...INSIST,
      isAcknowledged: ({ latched, spooled }) => latched || spooled,
      onRetry: (why) => context.out.note(`  trying again: ${why}`),
    },
  );
}

/** Tells each phase as soon as it is judged; ends when nothing but the second person is waited for, which every budget bounds. */
async function followDrill(context: Context, api: ApiClient, run: string): Promise<DrillView> {
  const { out, surroundings } = context;
  const told = new Set<string>();
  for (;;) {
    const view = await api.get(`/v1/drills/${encodeURIComponent(run)}`, DrillView);
    for (const phase of view.score.phases.filter((each) => each.verdict !== 'pending' && !told.has(each.phase))) {
      told.add(phase.phase);
      out.step(...phaseStep(phase), { run, ...phase });
    }
    const waiting = view.score.phases.filter(({ phase, verdict }) => verdict === 'pending' && phase !== 'confirmed');
    if (waiting.length === 0) return view;
    if (surroundings.interrupted.aborted) throw interrupted(context, run);
    out.transient(`  waiting for: ${waiting.map(({ phase, says }) => `${phase} (${says})`).join(', ')}`);
    await surroundings.sleep(LOOK_AGAIN_MS);
  }
}

function phaseStep({ phase, ms, budgetMs, verdict, says }: DrillPhase): [Mark, string, number | null] {
  const mark = verdict === 'passed' ? 'succeeded' : 'failed';
  return [mark, `${phase}: ${verdict}, budget ${duration(budgetMs)}; ${says}`, ms];
}

const notTheDrill = (run: string, drill: string) =>
  new CliError(
    'fault',
    `the kill ${run} was not taken as the drill ${drill}: it counts as a real one, and people are told so`,
    'treat it as a kill; tell those who were alarmed that it was meant as a drill',
    { code: 'NotTheDrill', facts: { run, drill } },
  );

const interrupted = ({ command }: Context, run: string) =>
  new CliError('interrupted', 'you stopped following; the drill goes on', `look: ${command(`drill show ${run}`)}`, {
    code: 'Interrupted',
  });
