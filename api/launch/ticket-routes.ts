import type { Context, Hono } from 'hono';
import type { Role } from '../../domain/approval/approval.ts';
import type { Caller } from '../../domain/approval/caller.ts';
import { readRegistration } from '../../domain/change.ts';
import { changeLog } from '../../domain/change-log.ts';
import { LogId } from '../../domain/ledger/ledger-entry.ts';
import { Refusal } from '../../domain/refusal.ts';
import {
  approveTicket,
  closeTicket,
  MAY_APPROVE_TICKETS,
  rejectTicket,
  TicketReason,
} from '../../domain/ticket/decide-ticket.ts';
import { MAY_OPEN_TICKETS, openTicket, TicketRequest, ticketIdFor } from '../../domain/ticket/open-ticket.ts';
import { commandKey, handle, READING } from '../control-api.ts';
import type { LaunchPorts } from '../launch-app.ts';
import { operating } from '../operating.ts';
import { readBody } from '../read-body.ts';

const DESK = LogId.parse('desk');

/** The deployment tickets of our own (runbook 1.1): one person opens one, another approves it. */
export function ticketRoutes(app: Hono, ports: LaunchPorts): void {
  app.get('/v1/tickets', (context) => handle(context, ports, READING, () => list(context, ports)));
  app.get('/v1/tickets/:id', (context) => handle(context, ports, READING, () => show(context, ports)));
  app.post('/v1/tickets', (context) =>
    handle(context, ports, operating(MAY_OPEN_TICKETS, 'opening a ticket'), (caller) => open(context, caller, ports)),
  );
  for (const { path, decide, roles, action } of DECISIONS)
    app.post(`/v1/tickets/:id/${path}`, (context) =>
      handle(context, ports, operating(roles, action), (caller) => decideOn(context, caller, decide, ports)),
    );
}

/** Rejecting and closing are open to whoever may open one, since they may withdraw their own. */
const DECISIONS = [
  { path: 'approval', decide: approveTicket, roles: MAY_APPROVE_TICKETS, action: 'approving a ticket' },
  { path: 'rejection', decide: rejectTicket, roles: MAY_OPEN_TICKETS, action: 'rejecting a ticket' },
  { path: 'closure', decide: closeTicket, roles: MAY_OPEN_TICKETS, action: 'closing a ticket' },
] as const satisfies { path: string; decide: Decide; roles: readonly Role[]; action: string }[];

type Decide = typeof approveTicket | typeof rejectTicket;

async function list(context: Context, { records }: LaunchPorts): Promise<Response> {
  const strategy = context.req.query('strategy');
  const tickets = (await records.list('TICKET')).filter(
    (ticket) => strategy === undefined || ticket.strategy === strategy,
  );
  return context.json({ tickets }, 200);
}

async function show(context: Context, { records }: LaunchPorts): Promise<Response> {
  const id = idIn(context);
  const ticket = await records.get('TICKET', id);
  if (!ticket)
    throw new Refusal('UnknownTicket', `there is no ticket ${id.slice(0, 64)}`, 'look at: tradepulse-cli ticket list');
  return context.json(ticket, 200);
}

const idIn = ({ req }: Context): string => req.param('id') ?? '';

async function open(context: Context, caller: Caller, ports: LaunchPorts): Promise<Response> {
  const key = commandKey(context.req.raw, caller);
  const request = await readBody(context.req.raw, TicketRequest);
  await readRegistration(request.strategy, ports); // nobody approves a change of something that is not there
  const now = ports.now();
  const id = request.id ?? ticketIdFor(key, now);
  const decide = async () => openTicket(await ports.records.get('TICKET', id), { ...request, id }, { caller, now });
  const { reply, receipt } = await changeLog(DESK, { key, body: request }, decide, ports);
  return context.json({ ticket: reply, summary: `${reply.id} is open: another person approves it`, receipt }, 200);
}

async function decideOn(context: Context, caller: Caller, decide: Decide, ports: LaunchPorts): Promise<Response> {
  const id = idIn(context);
  const key = commandKey(context.req.raw, caller);
  const { reason } = await readBody(context.req.raw, TicketReason);
  const now = ports.now();
  const afresh = async () => decide(await ports.records.get('TICKET', id), id, { caller, now, reason });
  const body = { path: context.req.path, reason: reason ?? null };
  const { reply, receipt } = await changeLog(DESK, { key, body }, afresh, ports);
  return context.json({ ticket: reply, summary: `${reply.id} is ${reply.status}`, receipt }, 200);
}
