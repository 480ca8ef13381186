import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { HaltChanged, Venue } from '../replies.ts';
import { venuePath } from './venue.ts';

export type VenueHaltOptions = { readonly reason: string; readonly instrument?: string; readonly until?: string };

/** Says that trading is halted at a venue, or for one instrument of it. */
export async function venueHalt(
  context: Context,
  mic: string,
  { reason, instrument, until }: VenueHaltOptions,
): Promise<void> {
  const { out, surroundings, command } = context;
  const path = venuePath(mic);
  const api = await context.api('operate');
  const body = { reason, ...(instrument !== undefined && { instrument }), ...(until !== undefined && { until }) };
  const halted = await api.post(`${path}/halts`, HaltChanged, { body, idempotencyKey: surroundings.newKey() });
  out.step('succeeded', halted.summary, undefined, halted);
  if (until === undefined) out.note(`  when it is over: ${command(`venue end-halt ${halted.mic} ${halted.halt.id}`)}`);
}

/** Says that a halt is over: the one that is named, or the only one that stands. */
export async function venueEndHalt(context: Context, mic: string, halt?: string): Promise<void> {
  const { out, surroundings } = context;
  const path = venuePath(mic);
  const id = halt ?? (await onlyHalt(context, path));
  const api = await context.api('operate');
  const ended = await api.post(`${path}/halts/${encodeURIComponent(id)}/end`, HaltChanged, {
    body: {},
    idempotencyKey: surroundings.newKey(),
  });
  out.step('succeeded', ended.summary, undefined, ended);
}

async function onlyHalt(context: Context, path: string): Promise<string> {
  const { mic, halts } = await (await context.api('read')).get(path, Venue);
  const [first, ...more] = halts;
  if (!first)
    throw new CliError('state', `${mic} has no halt that stands`, `look at: tradepulse-cli venue show ${mic}`);
  if (more.length > 0)
    throw new CliError(
      'usage',
      `${mic} has ${halts.length} halts: ${halts.map(({ id, reason }) => `${id} (${reason})`).join(', ')}`,
      `name the one that is over: tradepulse-cli venue end-halt ${mic} ${first.id}`,
    );
  return first.id;
}
