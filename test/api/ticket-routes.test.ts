import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import * as z from 'zod';
import { STRATEGY } from '../fakes/world.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';

const Changed = z.looseObject({
  ticket: z.looseObject({ id: z.string(), status: z.string() }),
  summary: z.string(),
  receipt: z.looseObject({ log: z.literal('desk') }).optional(),
});
const Problem = z.looseObject({ code: z.string(), next: z.string().min(8) });
const body = { title: 'a shorter window', strategy: STRATEGY, environment: 'prod' };

describe('the routes of tickets', () => {
  let made: ApiWorld;
  beforeEach(() => {
    made = apiWorld();
  });
  const post = (path: string, as: string, sent: object = {}, key: string = randomUUID()) =>
    made.send('launch', path, { as, body: sent, headers: { 'idempotency-key': key } });
  const get = async (path: string) => (await made.send('launch', path, { as: 'auditor', method: 'GET' })).json();
  const codeOf = async (response: Response) => [response.status, Problem.parse(await response.json()).code];

  it('open a ticket by one person and approve it by another, each with an entry in the log of the desk', async () => {
    const opened = Changed.parse(await (await post('/v1/tickets', 'quant', body)).json());
    const approved = Changed.parse(await (await post(`/v1/tickets/${opened.ticket.id}/approval`, 'sre')).json());

    assert.deepEqual([approved.ticket.status, approved.summary], ['approved', `${opened.ticket.id} is approved`]);
    assert.deepEqual(made.store.storyOf('desk'), ['ticket.opened', 'ticket.approved']);
    assert.deepEqual(await get(`/v1/tickets/${opened.ticket.id}`), approved.ticket);
  });

  it('give the same reply to the same key, and write once', async () => {
    const first = await (await post('/v1/tickets', 'quant', body, 'key-same-1')).json();

    assert.deepEqual(await (await post('/v1/tickets', 'quant', body, 'key-same-1')).json(), first);
    assert.deepEqual(await codeOf(await post('/v1/tickets', 'quant', { ...body, title: 'x' }, 'key-same-1')), [
      409,
      'IdempotencyKeyReused',
    ]);
    assert.deepEqual(made.store.storyOf('desk'), ['ticket.opened']);
  });

  it('list them all, or those of one strategy', async () => {
    await post('/v1/tickets', 'quant', { ...body, id: 'OPS-1' });

    const Tickets = z.object({ tickets: z.array(z.looseObject({ id: z.string() })) });
    const ids = async (query: string) => Tickets.parse(await get(`/v1/tickets${query}`)).tickets.map(({ id }) => id);
    assert.deepEqual(await ids(''), ['OPS-1', 'TP-1']);
    assert.deepEqual(await ids('?strategy=eurusd-carry'), []);
  });

  it('refuse who opened it, who may not, what is not there, and what is malformed', async () => {
    await post('/v1/tickets', 'trader', { ...body, id: 'OPS-1' });

    assert.deepEqual(await codeOf(await post('/v1/tickets/OPS-1/approval', 'trader')), [409, 'SamePerson']);
    assert.deepEqual(await codeOf(await post('/v1/tickets/OPS-1/approval', 'quant')), [403, 'WrongRole']);
    assert.deepEqual(await codeOf(await post('/v1/tickets', 'auditor', body)), [403, 'WrongRole']);
    assert.deepEqual(await codeOf(await post('/v1/tickets', 'quant', { ...body, id: 'OPS-1' })), [409, 'TicketTaken']);
    assert.deepEqual(await codeOf(await post('/v1/tickets/OPS-9/approval', 'sre')), [404, 'UnknownTicket']);
    assert.deepEqual(await codeOf(await post('/v1/tickets', 'quant', { ...body, strategy: 'nobody' })), [
      404,
      'UnknownStrategy',
    ]);
    assert.deepEqual(await codeOf(await post('/v1/tickets', 'quant', { ...body, id: '../x' })), [
      400,
      'InvalidRequest',
    ]);
    const missing = await made.send('launch', '/v1/tickets/OPS-9', { as: 'auditor', method: 'GET' });
    assert.deepEqual(await codeOf(missing), [404, 'UnknownTicket']);
  });

  it('reject an approved ticket with a reason, and close one', async () => {
    await post('/v1/tickets', 'quant', { ...body, id: 'OPS-1' });

    const rejected = Changed.parse(await (await post('/v1/tickets/TP-1/rejection', 'risk', { reason: 'no' })).json());
    const closed = Changed.parse(await (await post('/v1/tickets/OPS-1/closure', 'quant')).json());

    assert.deepEqual(
      [rejected.ticket.status, rejected.ticket['reason'], closed.ticket.status],
      ['rejected', 'no', 'closed'],
    );
  });
});
