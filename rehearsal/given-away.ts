import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** Names of people that are not names of roles as well. */
const NAMES = /"(?:trader2?|risk2?)"|\b(?:user|login|name)\W{1,3}(?:trader2?|risk2?)\b/;
const TOKEN = /eyJ[\w-]{10,}\.[\w-]+\./;
const LOGS = /\.(?:log|jsonl)$/;
/** What is being written at this moment gets its own name when it is whole, and is looked at under that one. */
const UNFINISHED = /\.writing$/;
/** Where the bucket's objects lie: evidence, archives of runs, entries and checkpoints of the ledger. */
const BUCKET = `s3${sep}`;

/**
 * What a local installation gives away: each place in its log files, its event record and its evidence bucket, and in the given
 * texts, that holds a token, a secret of the installation, or a person's name (product decision 16). Empty when all is well.
 */
export async function givenAway(
  data: string,
  texts: readonly (readonly [where: string, text: string])[],
): Promise<string[]> {
  const secrets = await secretsOf(data);
  if (secrets.length <= 20) throw new Error('the secrets of the installation were not found: nothing would be noticed');
  const files = await Promise.all(
    (await keptFiles(data)).map(async (path) => [path, await readFile(join(data, path), 'utf8')] as const),
  );
  return [...texts, ...files].flatMap(([where, text]) => [
    ...secrets.filter(([, secret]) => text.includes(secret)).map(([what]) => `${where} holds ${what}`),
    ...(TOKEN.test(text) ? [`${where} holds a token`] : []),
    ...(NAMES.test(text) ? [`${where} names a person: ${NAMES.exec(text)?.[0]}`] : []),
  ]);
}

async function keptFiles(data: string): Promise<string[]> {
  const found = await readdir(data, { recursive: true, withFileTypes: true });
  return found
    .filter((each) => each.isFile())
    .map(({ parentPath, name }) => relative(data, join(parentPath, name)))
    .filter((path) => !UNFINISHED.test(path) && (LOGS.test(path) || path.startsWith(BUCKET)));
}

/** Every string of the files that hold secrets, long enough to be one: passwords, keys, seeds, client secrets, venue keys. */
async function secretsOf(data: string): Promise<[what: string, secret: string][]> {
  const files = [
    ...['demo-users.json', 'installation.json', 'engine.json', 'venue.json', 'identity/keys.json'],
    ...['trader', 'risk'].flatMap((name) => [`authenticators/${name}.json`, `devices/keys/${name}-laptop.json`]),
  ];
  const found = await Promise.all(
    files.map(async (file) => secretsIn(file, JSON.parse(await readFile(join(data, file), 'utf8')))),
  );
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
