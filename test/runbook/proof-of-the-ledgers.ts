import assert from 'node:assert/strict';
import { canonicalJson } from '../../domain/ledger/canonical-json.ts';
import { leafHash, rootOf } from '../../domain/ledger/merkle.ts';
import { givenAway } from '../../rehearsal/given-away.ts';
import { BTC, EUR, type OnALocalHost } from './on-a-local-host.ts';

/** Every log of the host: its sequence has no gap, each leaf is the hash of its entry, and the root is that of the leaves. */
export async function ledgersAreWhole(here: OnALocalHost, logs: readonly string[] = [BTC, EUR]): Promise<void> {
  for (const name of logs) {
    const { size, root, entries } = await here.log(name);
    const leaves = entries.slice(0, size).map(({ index, leafHash: claimed, entry }, expected) => {
      assert.deepEqual([index, entry['seq'], entry['log']], [expected, expected, name]);
      assert.equal(leafHash(canonicalJson(entry)), claimed);
      return claimed;
    });
    assert.deepEqual([leaves.length, rootOf(leaves)], [size, root]);
  }
}

/** No entry, no log file and nothing in the evidence bucket holds a token, a secret, or the name of a person (product decision 16). */
export async function nothingIsGivenAway(here: OnALocalHost, logs: readonly string[] = [BTC, EUR]): Promise<void> {
  const entries = await Promise.all(
    logs.map(async (name) => [`the ledger ${name}`, JSON.stringify((await here.log(name)).entries)] as const),
  );
  assert.deepEqual(await givenAway(here.host.data, [...entries, ['stderr of the host', here.host.log()]]), []);
}
