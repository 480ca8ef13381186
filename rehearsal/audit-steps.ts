import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { eventually, mustBe } from './eventually.ts';
import { givenAway } from './given-away.ts';
import type { Step } from './scenario.ts';
import type { World } from './world.ts';

const Line = z.looseObject({ entry: z.looseObject({ type: z.string() }) });
const Keys = z.object({ keys: z.array(z.string()) });
const ALL_LOGS = ['btc-momentum', 'eurusd-carry', 'desk'];
const Reports = z.array(z.looseObject({ log: z.string(), verdict: z.string(), notes: z.array(z.string()) }));
const Checkpoint = z.looseObject({ checkpoint: z.string() });

const readBack: Step = {
  name: 'the ledger is read back and its Merkle root recomputed',
  why: 'Every hash is computed here from the entries alone: nothing was changed, dropped or put in between.',
  look: ({ strategy }) => `npx tradepulse-cli ledger ${strategy} --verify`,
  async act(world) {
    const { lines } = await world.cli('ledger', world.strategy, '--verify', '--as', 'auditor');
    const entries = (await world.cli('ledger', world.strategy, '--limit', '500', '--as', 'auditor')).lines;
    const types = new Set(entries.map((line) => Line.parse(line).entry.type));
    const wanted = [
      ...['launch.requested', 'approval.signed', 'stop.requested', 'kill.requested', 'kill.confirmed'],
      ...['kill.certified', 'recovery.lifted', 'drill.scored'],
    ];
    mustBe(
      'kinds of entries that are missing',
      wanted.filter((type) => !types.has(type)),
      [],
    );
    return `${lines[0]?.['size']} entries, root ${String(lines[0]?.['root']).slice(0, 16)}...`;
  },
};

const exportAndVerify: Step = {
  name: 'an auditor takes the ledger away and verifies it without us',
  why: 'The bundle is checked with the key and the checkpoint that the auditor wrote down: no network, no login, nothing of ours has to be believed.',
  look: ({ strategy }) => `npx tradepulse-cli audit export --log ${strategy} --out ${strategy}.jsonl.gz`,
  async act(world) {
    const { keys, checkpoint, bundle } = filesOf(world);
    await writeDown(world, keys, checkpoint);
    await world.cli('audit', 'export', '--log', world.strategy, '--out', bundle, '--as', 'auditor');
    const { lines } = await world.cli('audit', 'verify', bundle, '--keys', keys, '--checkpoint', checkpoint);
    mustBe('the verdict', lines[0]?.['verdict'], 'sound');
    return `${lines[0]?.['size']} entries, sound`;
  },
};

const everyLog: Step = {
  name: 'the evidence bucket alone proves every log, and each signature of people and devices in them',
  why: 'A copy of its folder is enough, and nobody can change what lies there. Signatures of demo users are told as what they are: proofs about nobody.',
  look: () => 'npx tradepulse-cli audit verify <folder> --keys <file>',
  async act(world) {
    const folder = await ledgerFolder(world);
    const { keys } = filesOf(world);
    const reports = await eventually(
      'every log in the bucket',
      async () => Reports.parse((await world.ending([0, 2], 'audit', 'verify', folder, '--keys', keys)).lines),
      (seen) => ALL_LOGS.every((log) => seen.some((each) => each.log === log && each.verdict === 'sound')),
    );
    const methods = new Set(reports.flatMap(({ notes }) => notes).map((note) => /^proofs by ([\w-]+)/.exec(note)?.[1]));
    mustBe(
      'kinds of proof that are missing',
      ['webauthn', 'device-key'].filter((method) => !methods.has(method)),
      [],
    );
    return reports.map(({ log, verdict }) => `${log} ${verdict}`).join(', ');
  },
};

const edited: Step = {
  name: 'a bundle in which one word was changed is found out',
  why: 'One letter of one entry: its leaf, every root above it and every signature after it no longer fit.',
  look: () => 'npx tradepulse-cli audit verify <bundle> --keys <file>',
  async act(world) {
    const { keys, bundle, forged } = filesOf(world);
    const { gunzipSync } = await import('node:zlib');
    const text = gunzipSync(await readFile(bundle)).toString();
    await writeFile(forged, text.replace('"type":"kill.requested"', '"type":"kill.retracted"'));
    const { lines } = await world.refused(1, 'audit', 'verify', forged, '--keys', keys);
    mustBe('the verdict', lines[0]?.['verdict'], 'tampered');
    return 'tampered, exit code 1';
  },
};

const nobodyIsNamed: Step = {
  name: 'nobody is named, and no secret is told',
  why: 'People are subject ids in the ledger, the logs and the evidence; names stay with the identity provider, so nothing ever has to be erased.',
  look: ({ strategy }) => `npx tradepulse-cli ledger ${strategy} --output jsonl`,
  async act(world) {
    const logs = [...ALL_LOGS, 'access'];
    const texts = await Promise.all(
      logs.map(
        async (log) =>
          [`the ledger ${log}`, JSON.stringify((await world.cli('ledger', log, '--as', 'auditor')).lines)] as const,
      ),
    );
    mustBe('what is given away', await givenAway(world.host.data, texts), []);
    return 'ledger, logs and evidence searched';
  },
};

/** What an auditor does once all is over. */
export const auditSteps: readonly Step[] = [readBack, exportAndVerify, everyLog, edited, nobodyIsNamed];

const filesOf = ({ host, strategy }: World) => ({
  keys: join(host.data, 'keys-of-the-auditor.txt'),
  checkpoint: join(host.data, 'checkpoint-of-the-auditor.txt'),
  bundle: join(host.data, `${strategy}.jsonl.gz`),
  forged: join(host.data, `${strategy}-forged.jsonl`),
});

/** The auditor's own notes: the key, and a checkpoint from before the bundle. */
async function writeDown(world: World, keys: string, checkpoint: string): Promise<void> {
  const { lines } = await world.cli('audit', 'keys', '--as', 'auditor');
  await writeFile(keys, Keys.parse(lines[0]).keys.join('\n'));
  const newest = await eventually(
    'a checkpoint',
    () => world.cli('audit', 'checkpoint', world.strategy, '--keys', keys, '--as', 'auditor'),
    ({ lines: said }) => Checkpoint.safeParse(said[0]).success,
  );
  await writeFile(checkpoint, Checkpoint.parse(newest.lines[0]).checkpoint);
}

/** `ledger/` of the evidence bucket, as an auditor copies it. */
async function ledgerFolder({ host }: World): Promise<string> {
  const found = await readdir(join(host.data, 's3'));
  const bucket = found.find((name) => name.startsWith('evidencebucket'));
  if (bucket === undefined) throw new Error('the evidence bucket was not found');
  return join(host.data, 's3', bucket, 'ledger');
}
