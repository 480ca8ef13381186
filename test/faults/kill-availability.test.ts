import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isDeep } from '../is-deep.ts';
import type { Fault } from './fault.ts';
import { type FaultWorld, faultWorld } from './fault-world.ts';
import { faultsTemplate } from './faults-template.ts';
import { startFaultyHost } from './faulty-host.ts';
import { printed, type Row, tryFault, wrongOf } from './matrix.ts';
import { SERVICE_FAULTS } from './service-faults.ts';
import { FULL_DISK, smallDisk } from './small-disk.ts';
import { SURROUNDING_FAULTS } from './surrounding-faults.ts';

/** Another series of cases, or one that failed, again; and some faults alone, by a regular expression for their names. */
const { TRADEPULSE_SEED, TRADEPULSE_FAULT = '' } = process.env;
const SHORT = '163'; // a person and a device kill what is live, both while the fault lasts, which is a second
const SEED = Number(TRADEPULSE_SEED ?? (isDeep ? '20261126' : SHORT));

/** `npm run test:deep`: 20 seeds of every fault, ten strategies at a time. `npm test`: the faults below, once each, on the demo strategy. */
const ROUNDS = isDeep ? { rounds: 2, seedsEach: 10, firstSeed: SEED } : { rounds: 1, seedsEach: 1, firstSeed: SEED };
const SAMPLE = [
  'AppConfig is down',
  'DynamoDB refuses connections',
  'store and evidence bucket are both down',
  'the clock is 10 minutes slow',
  'the identity provider is down, and the kill functions start cold',
  'a second and a third killer at the same moment',
];

const isAsked = ({ name }: Fault) => (isDeep || SAMPLE.includes(name)) && new RegExp(TRADEPULSE_FAULT).test(name);
const faults = [...SERVICE_FAULTS, ...SURROUNDING_FAULTS].filter(isAsked);
const rows: Row[] = [];
const folder = () => mkdtemp(join(tmpdir(), 'tradepulse-faults-'));
const options = async () => (isDeep ? ['--template', await faultsTemplate(ROUNDS.seedsEach)] : []);

async function isAvailable(fault: Fault, world: FaultWorld): Promise<void> {
  const row = await tryFault(fault, ROUNDS, world);
  rows.push(row);
  assert.deepEqual(wrongOf(row), [], `TRADEPULSE_SEED=${SEED} TRADEPULSE_FAULT='${fault.name}' tries this again`);
}

if (faults.length > 0)
  describe(`a kill is accepted, halts, and is in the ledger (TRADEPULSE_SEED=${SEED}), while`, () => {
    let world: FaultWorld;
    before(async () => {
      world = await faultWorld(await startFaultyHost(await folder(), await options()));
    });
    after(() => world.end());

    for (const fault of faults) it(fault.name, () => isAvailable(fault, world));
  });

if (isDeep && isAsked(FULL_DISK))
  describe('a kill is accepted, halts, and is in the ledger, while', () => {
    let world: FaultWorld | undefined;
    let disk = '';
    let unmount: Awaited<ReturnType<typeof smallDisk>>;
    before(async () => {
      disk = await folder();
      unmount = await smallDisk(disk);
      if (unmount) world = await faultWorld(await startFaultyHost(join(disk, 'data'), await options()));
    });
    after(async () => {
      await world?.end();
      await unmount?.();
      await rm(disk, { recursive: true, force: true });
    });

    it(FULL_DISK.name, async (test) => {
      if (world) return isAvailable(FULL_DISK, world);
      test.diagnostic('not tried: this machine lets nobody mount a small disk for it');
    });
  });

describe('the kill availability matrix', () => {
  it('loses no kill, and lets no order through', (test) => {
    for (const line of printed(rows).split('\n')) test.diagnostic(line);

    assert.deepEqual(rows.flatMap(wrongOf), []);
    if (isDeep && TRADEPULSE_FAULT === '') assert.ok(rows.length >= 14);
  });
});
