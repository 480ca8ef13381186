import type { Context } from '../context.ts';
import { utc } from '../output/marks.ts';
import { pairs, table } from '../output/table.ts';
import { Ticket, TicketChanged, Tickets } from '../replies.ts';

export type TicketOpenOptions = {
  readonly title: string;
  readonly strategy: string;
  readonly env: string;
  readonly id?: string;
};

/** Opens a deployment ticket for one change of one strategy; another person approves it (runbook 1.1). */
export async function ticketOpen(context: Context, { title, strategy, env, id }: TicketOpenOptions): Promise<void> {
  const { out, surroundings, command } = context;
  const api = await context.api('operate');
  const body = { title, strategy, environment: env, ...(id !== undefined && { id }) };
  const opened = await api.post('/v1/tickets', TicketChanged, { body, idempotencyKey: surroundings.newKey() });
  out.step('succeeded', opened.summary, undefined, opened);
  out.note(`  another person approves it: ${command(`ticket approve ${opened.ticket.id}`)}`);
}

/** Approves, rejects or closes a ticket. */
export async function ticketDecide(
  context: Context,
  id: string,
  what: 'approval' | 'rejection' | 'closure',
  { reason }: { readonly reason?: string } = {},
): Promise<void> {
  const { out, surroundings } = context;
  const api = await context.api('operate');
  const changed = await api.post(`/v1/tickets/${encodeURIComponent(id)}/${what}`, TicketChanged, {
    body: reason === undefined ? {} : { reason },
    idempotencyKey: surroundings.newKey(),
  });
  out.step('succeeded', changed.summary, undefined, changed);
}

/** Every ticket of our own, newest first. */
export async function ticketList(context: Context, { strategy }: { readonly strategy?: string }): Promise<void> {
  const { out } = context;
  const query = strategy === undefined ? '' : `?strategy=${encodeURIComponent(strategy)}`;
  const { tickets } = await (await context.api('read')).get(`/v1/tickets${query}`, Tickets);
  if (out.format === 'jsonl') return tickets.forEach((ticket) => void out.result(ticket, ''));
  const rows = tickets.map((each) => [
    ...[each.id, each.status, each.strategy, each.environment, utc(each.openedAt)],
    ...[each.openedBy, each.approvals.map(({ by }) => by).join(' ') || '-', each.title],
  ]);
  const head = ['ticket', 'status', 'strategy', 'environment', 'opened', 'by', 'approved by', 'title'];
  out.result(undefined, table(out.paint, head, rows, 'there is no ticket'));
}

/** One ticket, with who approved it. */
export async function ticketShow(context: Context, id: string): Promise<void> {
  const { out } = context;
  const ticket = await (await context.api('read')).get(`/v1/tickets/${encodeURIComponent(id)}`, Ticket);
  const approvals = ticket.approvals.map(({ by, role, at }) => `${by} (${role}) at ${utc(at)}`);
  out.result(
    ticket,
    pairs(out.paint, [
      ['ticket', ticket.id],
      ['title', ticket.title],
      ['status', ticket.status],
      ['for', `${ticket.strategy} in ${ticket.environment}`],
      ['opened', `${utc(ticket.openedAt)} by ${ticket.openedBy}`],
      ['approved by', approvals.join(', ')],
      ['ended', ticket.endedAt && `${utc(ticket.endedAt)} by ${ticket.endedBy}`],
      ['reason', ticket.reason],
      ...(ticket.links ?? []).map(({ run, key, digest }): [string, string] => [
        `archive of ${run}`,
        `${key} (${digest})`,
      ]),
    ]),
  );
}
