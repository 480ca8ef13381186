import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { ActorId } from '../../domain/ids.ts';
import { LogId } from '../../domain/ledger/ledger-entry.ts';
import { START } from '../fakes/world.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';

const DESK = LogId.parse('desk');
const Reply = z.strictObject({
  log: z.literal('desk'),
  size: z.literal(3),
  root: z.string().length(64),
  entries: z.array(
    z.strictObject({ index: z.int(), leafHash: z.string(), entry: z.looseObject({ type: z.string() }) }),
  ),
  next: z.int().optional(),
});

const ask = (made: ApiWorld, path: string) => made.send('ledger', path, { as: 'auditor' });

/** A desk log of three entries, a second between each and the next. */
async function desk(): Promise<ApiWorld> {
  const made = apiWorld();
  for (const [index, type] of ['note.made', 'kill.requested', 'note.made'].entries())
    await made.store.append(
      DESK,
      [{ type, actor: ActorId.parse(`sub-${index}`), payload: {} }],
      new Date(START.getTime() + index * 1000),
    );
  return made;
}

describe('GET ledger', () => {
  for (const [query, indexes, next] of [
    ['', [0, 1, 2], undefined],
    ['?limit=2', [0, 1], 2],
    ['?order=desc&limit=2', [2, 1], 0],
    ['?from=1', [1, 2], undefined],
    ['?type=note.&from=1', [2], undefined],
    ['?type=kill.requested&actor=sub-1&after=2026-11-24T13:00:01%2B01:00&before=2026-11-24T12:00:02Z', [1], undefined],
  ] as const) {
    it(`answers entries ${indexes.join(', ')} of the log to '${query}'`, async () => {
      const reply = Reply.parse(await (await ask(await desk(), `/v1/ledger/desk${query}`)).json());

      assert.deepEqual([reply.entries.map(({ index }) => index), reply.next], [indexes, next]);
    });
  }

  for (const [query, names] of [
    ['limit=0', /limit/],
    ['from=-1', /from/],
    ['order=sideways', /order/],
    ['type=KILL', /type: a type is like kill\.requested/],
    ['after=2026-11-24', /after: a time has a date, a time of day and a zone/],
    ['before=2026-11-24T12:00:00', /before: a time has/],
    ['run=no%20run', /run/],
    ['actor=', /actor/],
    [`ticket=${'x'.repeat(65)}`, /ticket/],
    ['tpye=kill.', /tpye/],
    ['type=kill.&type=note.made', /type/],
  ] as const) {
    it(`refuses ${query.slice(0, 40)}, and names what is wrong`, async () => {
      const response = await ask(await desk(), `/v1/ledger/desk?${query}`);

      const { code, detail } = z.object({ code: z.string(), detail: z.string() }).parse(await response.json());
      assert.deepEqual([response.status, code], [400, 'InvalidRequest']);
      assert.match(detail, names);
    });
  }

  for (const path of ['/v1/ledger/nothing', '/v1/ledger/NO', '/v1/nothing'])
    it(`answers 404 at ${path}`, async () => assert.equal((await ask(apiWorld(), path)).status, 404));

  it('asks everybody who they are', async () => {
    assert.equal((await apiWorld().send('ledger', '/v1/ledger/desk')).status, 401);
  });
});
