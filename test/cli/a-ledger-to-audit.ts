import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { change } from '../../domain/change.ts';
import { ActorId } from '../../domain/ids.ts';
import { checkpointLog } from '../../domain/ledger/checkpoint-log.ts';
import { apiWorld } from '../api/api-world.ts';
import { checkpointWorld, logId } from '../fakes/fake-checkpoints.ts';
import { STRATEGY } from '../fakes/world.ts';
import type { StandIn } from './stand-in-control-plane.ts';

type Open = (routes: (app: StandIn['app']) => void) => Promise<StandIn>;

/** The real ledger routes over a world of fakes, behind an address that the command line can be given. */
export async function aLedger(open: Open, ...counts: number[]) {
  const world = apiWorld();
  const signing = { ...checkpointWorld(world.store, world.ports.now).ports, ...world.signing };
  let written = 0;
  const grow = async (count: number, ticket?: string) => {
    for (let left = count; left > 0; left -= 1, written += 1) {
      const entry = {
        type: 'note.made',
        actor: ActorId.parse('sub-1'),
        payload: { written },
        ...(ticket && { ticket }),
      };
      await change(
        STRATEGY,
        { key: `n${written}`, body: {} },
        (state) => ({ state, entries: [entry], reply: 0 }),
        world.ports,
      );
    }
  };
  const sign = () => checkpointLog(logId(STRATEGY), signing);
  for (const count of counts) {
    await grow(count);
    await sign();
  }
  const { url } = await open((app) =>
    app.get('/v1/*', ({ req }) =>
      world.send('ledger', new URL(req.url).pathname + new URL(req.url).search, { as: 'auditor' }),
    ),
  );
  const entries = () => world.store.logs.get(STRATEGY) ?? [];
  return {
    world,
    grow,
    sign,
    url,
    entries,
    receipt: (index: number) => entries()[index]?.receipt ?? assert.fail(),
    signing,
  };
}

/** A folder of the file that calls this, for what its tests write. */
export function ownFolder(): { readonly path: string } {
  const own = { path: '' };
  before(async () => {
    own.path = await mkdtemp(join(tmpdir(), 'tradepulse-audit-'));
  });
  after(() => rm(own.path, { recursive: true, force: true }));
  return own;
}
