import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { digestOfBytes } from '../../domain/ledger/digest.ts';
import { eventually } from '../../rehearsal/eventually.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { healthTick } from './aws-of-the-host.ts';
import { HARDLY_FILLED } from './evidence.ts';
import { launchedUntil, stopPath } from './launching.ts';
import { BTC, EUR, onALocalHost } from './on-a-local-host.ts';
import { ledgersAreWhole, nothingIsGivenAway } from './proof-of-the-ledgers.ts';
import { cliRefused, isRefusal } from './refused.ts';

describe('runbook 4.4 and 4.5: settle and archive', { skip: !isDeep && DEEP }, () => {
  const here = onALocalHost();
  let [launch, stop, folder, out] = ['', '', '', ''];
  before(async () => {
    out = await mkdtemp(join(tmpdir(), 'tradepulse-archive-'));
  });
  after(() => rm(out, { recursive: true, force: true }));
  const entriesOf = async (type: string) =>
    (await here.log(BTC)).entries.map(({ entry }) => Object(entry)).filter((entry) => entry.type === type);
  const archive = async (run: string) => Object(await here.look(`/v1/runs/${run}/archive`));

  it('4.4: stops what settles with differences, and names each of them with both sides', async () => {
    await here.evidence.approve(BTC, HARDLY_FILLED);
    launch = await launchedUntil(here, BTC, 'nothing: it is live');
    await eventually('orders at the venue', here.eyes[BTC].restingOrders, (orders) => orders > 0);
    await healthTick(here.host.data, {});
    await here.fault('misreport-position', true);

    stop = await here.accepted(stopPath(BTC), { as: 'trader' });

    const { status, failure } = await here.ended(stop, 60_000);
    assert.equal(status, 'SUCCEEDED', JSON.stringify(failure));
    const [{ payload }] = await entriesOf('strategy.settled');
    assert.deepEqual(
      payload.differences.map(({ what, difference }: { what: string; difference: number }) => [what, difference]),
      [
        ['position', 1],
        ['cash', -100],
      ],
    );
    const settled = JSON.parse(await here.evidence.read(payload.report.key));
    assert.equal(settled.verdict, 'differs');
    assert.match(await here.evidence.read(payload.log.key), /✖ cash: venues \S+, engines/);
  });

  it('4.4: shows the differences of a settlement by hand, and records the same books once', async () => {
    const first = await here.cli('settle', '--strategy', BTC, '--as', 'trader');
    const second = await here.ask(`/v1/strategies/${BTC}/settlements`, { as: 'trader', body: {} });

    assert.deepEqual([first.code, second.status], [0, 200], first.words);
    assert.match(first.words, /✖ +position/);
    assert.equal((await entriesOf('strategy.settled')).length, 2);
    await here.fault('misreport-position', false);
  });

  it('4.5: archives the trading run under its folder, with a manifest that is in the ledger', async () => {
    const { run, manifests, folder: own } = await archive(stop);
    folder = own;

    const [{ digest, manifest }] = manifests;
    const paths = manifest.files.map(({ path }: { path: string }) => path);
    assert.equal(run, launch);
    for (const file of [
      'deploy.log',
      'smoke.json',
      'go-no-go.json',
      'settle.log',
      'settle.json',
      'orders.jsonl',
      'pnl.jsonl',
    ])
      assert.ok(paths.includes(file), `${file} is not among ${paths.join(', ')}`);
    for (const file of [
      'risk.json',
      'positions.json',
      'limits.json',
      'telemetry.jsonl',
      'sla_incidents.md',
      'venue_incidents.md',
    ])
      assert.ok(paths.includes(file), `${file} is not among ${paths.join(', ')}`);
    assert.deepEqual(manifest.missing, []);
    const [{ payload }] = await entriesOf('run.archived');
    assert.deepEqual([payload.manifest.hash, payload.files], [digest, paths.length]);
    const orders = (await here.evidence.read(`${folder}orders.jsonl`)).trimEnd().split('\n');
    assert.ok(orders.length > 0 && orders.every((line) => ['cancelled', 'filled'].includes(JSON.parse(line).outcome)));
  });

  it('4.5: adds the histories of the executions that ended later to the chain, task tokens taken out', async () => {
    const chained = await eventually(
      'a manifest with the history of the stop',
      () => archive(launch),
      ({ manifests }) => JSON.stringify(manifests).includes(`executions/${stop}.jsonl`),
    );

    const [first, second] = chained.manifests;
    assert.equal(second.manifest.previous, first.digest);
    const history = await here.evidence.read(`${folder}executions/${launch}.jsonl`);
    assert.match(history, /"ExecutionSucceeded"/);
    assert.ok(!/"task_?token\\*":\s*\\*"(?!\[redacted\])/i.test(history));
  });

  it('4.5: links the archive to the ticket', async () => {
    const { links } = Object(await here.look(`/v1/tickets/DEMO-${BTC}`));

    assert.equal(links[0].key, `${folder}MANIFEST.json`);
  });

  it('lists, downloads and verifies it, and finds one changed byte', async () => {
    const verify = () => here.cli('archive', 'verify', stop, '--as', 'auditor');
    const got = await here.cli('archive', 'get', launch, '--out', join(out, 'got'), '--as', 'auditor');
    const verified = await verify();
    const altered = await here.evidence.tampered(`${folder}settle.log`, (text) => text.replace('✖', '✓'), verify);

    assert.deepEqual([got.code, verified.code], [0, 0], got.words + verified.words);
    cliRefused(altered, 'settle.log', 5);
    const { manifests } = await archive(launch);
    assert.equal(digestOfBytes(await readFile(join(out, 'got', 'MANIFEST.json'))), manifests[0].digest);
    const { archives } = Object(await here.look(`/v1/archives?strategy=${BTC}`));
    assert.deepEqual([archives[0].id, archives[0].first], [launch, manifests[0].digest]);
  });

  it('gives no file out of its folder, and none of a run that has no archive', async () => {
    const ask = (run: string, query: string) =>
      here.ask(`/v1/runs/${run}/archive${query}`, { as: 'auditor', method: 'GET' });
    const waiting = await here.accepted(`/v1/strategies/${EUR}/launches`, {
      as: 'trader',
      body: { environment: 'prod' },
    });

    for (const path of ['../../../configs/risk/limits.yaml', '/etc/passwd', 'a//b', '..%2f..%2fx', 'a/../../b'])
      isRefusal(await ask(launch, `/files?path=${encodeURIComponent(path)}`), 'InvalidRequest', 400);
    isRefusal(await ask(launch, '/files?path=nothing.txt'), 'NotFound', 404);
    isRefusal(await ask('nobody', ''), 'UnknownRun', 404);
    isRefusal(await ask(waiting, ''), 'NotArchived', 409);
  });

  it('leaves ledgers that are whole and give nothing away', async () => {
    await ledgersAreWhole(here);
    await nothingIsGivenAway(here);
  });
});
