import type { Context } from '../context.ts';
import { SafeModeEntered } from '../data-incident-replies.ts';
import { strategyPath } from '../strategy-path.ts';

export type SafeModeOptions = { readonly strategy: string; readonly reason?: string };

/** Runbook 5.2.1: takes a strategy into safe mode; says what each engine instance answered, and where to look next. */
export async function safeMode(context: Context, { strategy, reason }: SafeModeOptions): Promise<void> {
  const { out, surroundings } = context;
  const api = await context.api('operate');
  const reply = await api.post(strategyPath(strategy, 'safe-modes'), SafeModeEntered, {
    body: reason === undefined ? {} : { reason },
    idempotencyKey: surroundings.newKey(),
  });
  out.step('succeeded', reply.summary, undefined, reply);
  for (const { instanceId, status, detail } of reply.instances)
    out.note(
      `  ${instanceId}: ${status === 'halted' ? 'halted' : `not reached (${detail ?? 'no answer'}); its lease bounds it within ${reply.leaseBoundMs} ms`}`,
    );
  if (!reply.changed || reply.runId === null) return;
  out.note(`  its venues are asked whether nothing rests: ${context.command(`runs ${reply.runId} --follow`)}`);
  out.note(
    `  when that is understood, two people resume it: ${context.command(`resume --strategy ${strategy} --reason '...'`)}`,
  );
}
