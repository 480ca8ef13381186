import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { digestOf } from '../../domain/ledger/digest.ts';
import { LIMITS } from '../fakes/world.ts';
import { runCommand } from './run-command.ts';
import { problem } from './stand-in-control-plane.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

const open = standInForEachTest();
const LOWER = { ...LIMITS, leverageCap: 2 };
const fileOf = (limits: object) =>
  `${JSON.stringify({ version: 1, strategies: { 'btc-momentum': limits } }, null, 2)}\n`;
const column = (name: string, limits?: typeof LIMITS) => ({ name, digest: limits ? digestOf(limits) : null, limits });
const view = (...columns: object[]) => ({
  ...{ strategyId: 'btc-momentum', silent: [], differences: [], same: true, change: null, columns },
  file: { key: 'configs/risk/limits.yaml', hash: 'sha256:1', storedAt: '2026-11-24T12:00:00.000Z' },
});
const approval = {
  ...{ id: 'limits-1-limits', kind: 'limits', strategyId: 'btc-momentum', runId: 'limits-1', epoch: 1, document: {} },
  ...{ digest: 'sha256:1', requiredRoles: ['execution-trader', 'risk-officer'], signatures: [], status: 'open' },
  ...{ openedAt: '2026-11-24T12:00:00.000Z', expiresAt: '2030-11-24T12:00:00.000Z' },
};
const changed = { status: 'asked', summary: 'two people sign', approval: approval.id, differences: [] as object[] };

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limits-'));
  await writeFile(join(folder, 'same.yaml'), fileOf(LIMITS));
  await writeFile(join(folder, 'lower.yaml'), fileOf(LOWER));
  await writeFile(join(folder, 'wrong.yaml'), fileOf({ ...LIMITS, leverageCap: -2 }));
  await writeFile(join(folder, 'other.yaml'), '{"version":1,"strategies":{}}');
});
after(() => rm(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
const limits = (url: string, verb: string, ...args: string[]) =>
  runCommand(['limits', verb, '--strategy', 'btc-momentum', ...args, '--url', url]);

describe('limits diff', () => {
  it('says that all is the same, with exit code 0', async () => {
    const { url } = await open((app) => {
      app.get('/v1/strategies/:id/limits', (c) => c.json(view(column('approved', LIMITS), column('stored', LIMITS))));
    });

    const [alone, beside] = [await limits(url, 'diff'), await limits(url, 'diff', '--file', at('same.yaml'))];

    assert.deepEqual([alone.code, beside.code], [0, 0], alone.stderr);
    assert.match(beside.stdout, /the limits are the same everywhere/);
  });

  it('shows a table of every place, field by field, with exit code 1', async () => {
    const { url } = await open((app) => {
      app.get('/v1/strategies/:id/limits', (c) =>
        c.json(view({ name: 'approved', digest: digestOf(LOWER) }, column('stored', LIMITS), column('btc-momentum-1'))),
      );
    });

    const { code, stdout } = await limits(url, 'diff', '--file', at('lower.yaml'));

    assert.equal(code, 1);
    assert.match(stdout, /FIELD\s+FILE\s+APPROVED\s+STORED\s+BTC-MOMENTUM-1/);
    assert.match(stdout, /leverageCap\s+2\s+2\s+3\s+-/); // what the manifest approves is known from the file
  });

  it('is not the same while an engine does not say what it enforces, or the stored file cannot be read', async () => {
    const silent = [{ instanceId: 'btc-momentum-2', reason: 'no reply in time' }];
    const broken = { ...view().file, problem: 'configs/risk/limits.yaml:3:1: no limits' };
    const { url } = await open((app) => {
      app.get('/v1/strategies/btc-momentum/limits', (c) => c.json({ ...view(column('stored', LIMITS)), silent }));
      app.get('/v1/strategies/other/limits', (c) => c.json({ ...view(), file: broken }));
      app.get('/v1/strategies/empty/limits', (c) => c.json({ ...view(), file: null }));
    });
    const of = (id: string) => runCommand(['limits', 'diff', '--strategy', id, '--url', url]);

    const [quiet, unread, empty] = [await of('btc-momentum'), await of('other'), await of('empty')];

    assert.deepEqual([quiet.code, unread.code, empty.code], [1, 1, 0]);
    assert.match(quiet.stdout, /btc-momentum-2 does not say what it enforces: no reply in time/);
    assert.match(unread.stdout, /limits.yaml:3:1: no limits/);
    assert.match(empty.stdout, /there is no limits file/);
  });

  it('refuses a file with a mistake by its line before it asks anybody, and one without the strategy', async () => {
    const { url } = await open((app) => {
      app.get('/v1/strategies/:id/limits', (c) => c.json(view()));
    });

    const wrong = await limits(url, 'diff', '--file', at('wrong.yaml'));
    const other = await limits(url, 'diff', '--file', at('other.yaml'));

    assert.deepEqual([wrong.code, other.code], [2, 2]);
    assert.match(wrong.stderr, /wrong\.yaml:12:7: strategies\.btc-momentum\.leverageCap: Too small/);
    assert.match(other.stderr, /other\.yaml has no limits for btc-momentum/);
  });
});

describe('limits show', () => {
  it('shows each place with its digest, and the proposal that waits', async () => {
    const proposed = { approval: 'limits-1-limits', by: 'sub-risk', at: '2026-11-24T12:00:00.000Z' };
    const { url } = await open((app) => {
      app.get('/v1/strategies/:id/limits', (c) =>
        c.json({ ...view(column('stored', LIMITS), column('btc-momentum-1')), change: { proposed } }),
      );
    });

    const { code, stdout } = await limits(url, 'show');

    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`stored\\s+${digestOf(LIMITS)}\\s+\\{"currency":"USD"`));
    assert.match(stdout, /btc-momentum-1\s+-\s+not told/);
    assert.match(stdout, /sub-risk proposed others at .*approve limits-1-limits/);
  });
});

describe('limits apply', () => {
  it('sends the very file, shows what would change, and says who signs and what comes then', async () => {
    const differences = [{ path: 'leverageCap', values: { stored: 3, proposed: 2 } }];
    const { url, requests } = await open((app) => {
      app.post('/v1/strategies/:id/limits', (c) => c.json({ ...changed, differences }, 202));
      app.get('/v1/approvals/:id', (c) => c.json(approval));
    });

    const { code, stdout } = await limits(url, 'apply', '--file', at('lower.yaml'), '--reason', 'less volatile');

    assert.equal(code, 0);
    assert.deepEqual(requests[0]?.body, { file: fileOf(LOWER), reason: 'less volatile' });
    assert.match(stdout, /leverageCap\s+3\s+2/);
    assert.match(stdout, /two people sign new risk limits.*still needed: execution-trader and risk-officer/);
    assert.match(stdout, /when both have signed: .*limits apply --strategy btc-momentum --file .*lower\.yaml/);
  });

  it('says that they are stored, and what comes next', async () => {
    const { url } = await open((app) => {
      app.post('/v1/strategies/:id/limits', (c) =>
        c.json({ ...changed, status: 'applied', summary: 'stored; have the manifest approved for the new limits' }),
      );
    });

    const { code, stdout } = await limits(url, 'apply', '--file', at('lower.yaml'), '--reason', 'x');

    assert.equal(code, 0);
    assert.match(stdout, /have the manifest approved for the new limits/);
    assert.doesNotMatch(stdout, /still needed/);
  });

  it('sends no file with a mistake, and passes on what the control plane refuses', async () => {
    const { url, requests } = await open((app) => {
      app.post('/v1/strategies/:id/limits', () => problem(400, 'InvalidRequest', 'it would change others too'));
    });

    const wrong = await limits(url, 'apply', '--file', at('wrong.yaml'), '--reason', 'x');
    const missing = await limits(url, 'apply', '--file', at('missing.yaml'), '--reason', 'x');
    assert.deepEqual([wrong.code, missing.code, requests.length], [2, 2, 0]);
    const refused = await limits(url, 'apply', '--file', at('lower.yaml'), '--reason', 'x');

    assert.deepEqual([refused.code, /would change others/.test(refused.stderr)], [2, true]);
  });
});
