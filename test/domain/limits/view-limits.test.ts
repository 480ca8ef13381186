import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { manifestKey } from '../../../domain/launch/change-manifest.ts';
import { LIMITS_KEY } from '../../../domain/launch/risk-limits.ts';
import { digestOf, digestOfBytes } from '../../../domain/ledger/digest.ts';
import { viewLimits } from '../../../domain/limits/view-limits.ts';
import { LIMITS, STRATEGY, type World, world } from '../../fakes/world.ts';

const approved = digestOf(LIMITS);
const LOWER = { ...LIMITS, leverageCap: 2 };
let made: World;
beforeEach(() => {
  made = world();
});
const store = (text: string) => made.evidence.files.set(LIMITS_KEY, Buffer.from(text));
const view = () => viewLimits(STRATEGY, made.ports);
const cap = (differences: Awaited<ReturnType<typeof view>>['differences']) =>
  differences.find(({ path }) => path === 'leverageCap')?.values;

describe('viewLimits', () => {
  it('is the same everywhere when every engine enforces what is stored and approved', async () => {
    const { same, differences, columns, file, silent, change } = await view();

    assert.deepEqual([same, differences, silent, change, file?.key], [true, [], [], null, LIMITS_KEY]);
    assert.deepEqual(
      columns.map(({ name, digest }) => [name, digest]),
      ['approved', 'stored', 'btc-momentum-1', 'btc-momentum-2'].map((name) => [name, approved]),
    );
  });

  it('shows field by field where the stored file is not what engines enforce and the manifest approves', async () => {
    store(JSON.stringify({ version: 1, strategies: { [STRATEGY]: LOWER } }));
    made.engines.status = { limits: LIMITS };

    const { same, differences } = await view();

    assert.deepEqual([same, differences.length], [false, 2]);
    assert.deepEqual(cap(differences), { approved: 3, stored: 2, 'btc-momentum-1': 3, 'btc-momentum-2': 3 });
  });

  it('believes no engine whose limits have another digest than it says, and shows the digest alone', async () => {
    store(JSON.stringify({ version: 1, strategies: { [STRATEGY]: LOWER } }));
    made.engines.status = { limits: { ...LIMITS, leverageCap: 2.5 } };

    assert.deepEqual(
      (await view()).differences.map(({ path }) => path),
      ['digest'],
    );
  });

  it('knows nothing of an engine upon which nothing was deployed, and names one that does not answer', async () => {
    made.engines.status = { limitsDigest: null };
    made.engines.unreachable.add('btc-momentum-2');

    const { same, silent, columns, differences } = await view();

    assert.deepEqual([same, columns.at(-1)?.name, columns.at(-1)?.digest], [false, 'btc-momentum-1', null]);
    assert.deepEqual(silent, [{ instanceId: 'btc-momentum-2', reason: 'btc-momentum-2 did not answer' }]);
    assert.equal(cap(differences)?.['btc-momentum-1'], null);
  });

  it('says where a stored file cannot be read, or that there is none, and has no limits then', async () => {
    store('version: 2');
    const broken = await view();
    made.evidence.files.clear();
    const nothing = await view();

    assert.match(String(broken.file?.problem), /limits.yaml:1:1: version: /);
    assert.deepEqual([broken.same, broken.file?.hash], [false, digestOfBytes('version: 2')]);
    assert.deepEqual([nothing.file, nothing.columns[0]?.digest], [null, null]);
    assert.equal(made.evidence.files.has(manifestKey(STRATEGY)), false);
  });

  it('knows of no limits of a strategy that the file does not name', async () => {
    store('{"version":1,"strategies":{}}');

    assert.deepEqual((await view()).columns[1], { name: 'stored', digest: null, limits: undefined });
  });

  it('fails where the adapter of the engines fails: that is a fault, and nothing that an engine said', async () => {
    made.engines.riskStatus = async () => {
      throw new TypeError('broken');
    };

    await assert.rejects(view(), TypeError);
  });
});
