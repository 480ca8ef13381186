import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { change } from '../../domain/change.ts';
import { ActorId } from '../../domain/ids.ts';
import { checkpointLog } from '../../domain/ledger/checkpoint-log.ts';
import { rootOf } from '../../domain/ledger/merkle.ts';
import { provesConsistency, provesInclusion } from '../../domain/ledger/merkle-proofs.ts';
import { checkpointWorld, logId } from '../fakes/fake-checkpoints.ts';
import { STRATEGY } from '../fakes/world.ts';
import { apiWorld } from './api-world.ts';

const Inclusion = z.object({
  log: z.string(),
  index: z.int(),
  size: z.int(),
  hashes: z.array(z.string()),
  leafHash: z.string(),
});

/** A world whose strategy's log has entries and a checkpoint behind each of these counts. */
async function signedWorld(...counts: number[]) {
  const world = apiWorld();
  const signing = { ...checkpointWorld(world.store, world.ports.now).ports, ...world.signing };
  let keys = 0;
  for (const count of counts) {
    for (let left = count; left > 0; left -= 1, keys += 1) {
      const entry = { type: 'note.made', actor: ActorId.parse('sub-1'), payload: { keys } };
      await change(
        STRATEGY,
        { key: `n${keys}`, body: {} },
        (state) => ({ state, entries: [entry], reply: 0 }),
        world.ports,
      );
    }
    await checkpointLog(logId(STRATEGY), signing);
  }
  const leaves = (world.store.logs.get(STRATEGY) ?? []).map(({ receipt }) => receipt.leafHash);
  const ask = async (path: string, as = 'auditor') => {
    const reply = await world.send('ledger', path, { as });
    return { status: reply.status, body: (await reply.json()) as Record<string, never> };
  };
  return { ...world, leaves, ask };
}

describe('what a receipt is proved by', () => {
  it('is a proof that its entry stands in the newest checkpoint', async () => {
    const { ask, leaves } = await signedWorld(3, 4);

    const { status, body } = await ask(`/v1/ledger/${STRATEGY}/proofs/2`);

    assert.equal(status, 200);
    const { log, index, size, hashes, leafHash } = Inclusion.parse(body);
    assert.deepEqual([log, index, size, leafHash], [STRATEGY, 2, leaves.length, leaves[2]]);
    assert.ok(provesInclusion({ index, size, leaf: leafHash }, hashes, rootOf(leaves)));
  });

  it('is a proof that the newest checkpoint goes on from an earlier one', async () => {
    const { ask, leaves } = await signedWorld(3, 4);

    const { body } = await ask(`/v1/ledger/${STRATEGY}/consistency/3`);

    const at = (size: number) => ({ size, root: rootOf(leaves.slice(0, size)) });
    assert.ok(provesConsistency(at(3), at(leaves.length), body['hashes'] ?? []));
  });

  it('is the list of checkpoints, page by page', async () => {
    const { ask } = await signedWorld(2, 2, 2);

    const first = await ask(`/v1/ledger/${STRATEGY}/checkpoints?limit=2`);
    const rest = await ask(`/v1/ledger/${STRATEGY}/checkpoints?limit=2&from=${first.body['next']}`);

    const sizes = (body: Record<string, { size: number }[]>) => body['checkpoints']?.map(({ size }) => size);
    assert.deepEqual([sizes(first.body), sizes(rest.body), rest.body['next']], [[2, 4], [6], undefined]);
  });

  it('is the key, as an auditor writes it down', async () => {
    const { ask, signing } = await signedWorld();

    assert.deepEqual((await ask('/v1/checkpoint-keys')).body, {
      keys: (await signing.keys.all()).map(({ vkey }) => vkey),
    });
  });
});

describe('asking for a proof', () => {
  const wrong: Record<string, [path: string, status: number, code: string]> = {
    'of an entry that is not signed yet': [`/v1/ledger/${STRATEGY}/proofs/99`, 409, 'NotCheckpointed'],
    'from a size that the log does not have': [`/v1/ledger/${STRATEGY}/consistency/99`, 409, 'NotCheckpointed'],
    'of a log that is not there': ['/v1/ledger/nobody/proofs/0', 404, 'UnknownLog'],
    'of what cannot be a log': ['/v1/ledger/No%20Log/checkpoints', 404, 'UnknownLog'],
    'of the checkpoints of a log that is not there': ['/v1/ledger/nobody/checkpoints', 404, 'UnknownLog'],
    'of no index': [`/v1/ledger/${STRATEGY}/proofs/-1`, 400, 'InvalidRequest'],
    'of a word': [`/v1/ledger/${STRATEGY}/proofs/first`, 400, 'InvalidRequest'],
    'of more checkpoints than a page holds': [`/v1/ledger/${STRATEGY}/checkpoints?limit=501`, 400, 'InvalidRequest'],
    'with a filter that is not known': [`/v1/ledger/${STRATEGY}/checkpoints?newest=1`, 400, 'InvalidRequest'],
  };
  for (const [what, [path, status, code]] of Object.entries(wrong)) {
    it(`${what} is refused`, async () => {
      const { ask } = await signedWorld(1);
      const answer = await ask(path);

      assert.deepEqual([answer.status, answer.body['code']], [status, code]);
    });
  }

  it('takes a login', async () => {
    const { send } = await signedWorld(1);

    assert.equal((await send('ledger', '/v1/checkpoint-keys')).status, 401);
  });
});
