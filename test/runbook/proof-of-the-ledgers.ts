import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../../domain/ledger/canonical-json.ts';
import { leafHash, rootOf } from '../../domain/ledger/merkle.ts';
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

/** No entry and no log file holds a token, a secret, or the name of a person (product decision 16). */
export async function nothingIsGivenAway(here: OnALocalHost, logs: readonly string[] = [BTC, EUR]): Promise<void> {
  const texts = await Promise.all([
    ...logs.map(async (name) => [`the ledger ${name}`, JSON.stringify((await here.log(name)).entries)] as const),
    ...(await logFiles(here.host.data)).map(async (path) => [path, await readFile(path, 'utf8')] as const),
    Promise.resolve(['stderr of the host', here.host.log()] as const),
  ]);
  const secrets = await secretsOf(here);
  for (const [where, text] of texts) {
    for (const [what, secret] of secrets) assert.ok(!text.includes(secret), `${where} holds ${what}`);
    assert.doesNotMatch(text, /eyJ[\w-]{10,}\.[\w-]+\./, `${where} holds a token`);
    assert.doesNotMatch(text, NAMES, `${where} names a person`);
  }
}

/** Names of people that are not names of roles as well. */
const NAMES = /"(?:trader|trader2|risk)"|\b(?:user|login|name)\W{1,3}(?:trader|trader2|risk)\b/;

async function logFiles(data: string): Promise<string[]> {
  const found = await readdir(data, { recursive: true, withFileTypes: true });
  return found
    .filter((each) => each.isFile() && /\.(?:log|jsonl)$/.test(each.name))
    .map(({ parentPath, name }) => join(parentPath, name));
}

/** Every string of the files that hold secrets, long enough to be one: passwords, keys, seeds, client secrets, venue keys. */
async function secretsOf({ host }: OnALocalHost): Promise<[what: string, secret: string][]> {
  const files = ['demo-users.json', 'installation.json', 'engine.json', 'venue.json', 'identity/keys.json'];
  const found = await Promise.all(
    files.map(async (file) => secretsIn(file, JSON.parse(await readFile(join(host.data, file), 'utf8')))),
  );
  assert.ok(found.flat().length > 20, 'the secrets of the installation were not found');
  return found.flat();
}

const SECRET =
  /password|totpSecret|secretAccessKey|privateKey|seed|clientSecret|^key$|tradingKeys|controlKeys|cookieKeys|^[dpq]$/;

function secretsIn(file: string, value: unknown, member = '', secret = false): [string, string][] {
  if (typeof value === 'string') return secret ? [[`${member} of ${file}`, value]] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) =>
    secretsIn(file, each, Array.isArray(value) ? member : name, secret || SECRET.test(name)),
  );
}
