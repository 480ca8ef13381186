import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { registerRunbook } from '../../domain/attestation/register-runbook.ts';
import { Checklist } from '../../domain/checklist/checklist.ts';
import { digestOf } from '../../domain/ledger/digest.ts';
import { RUN, STRATEGY, trader } from '../fakes/world.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';

const run = {
  ...{ id: RUN, machine: 'launch' as const, strategyId: STRATEGY, epoch: 0, status: 'SUCCEEDED' as const },
  ...{ requestedBy: trader.subject, startedAt: '2026-11-24T12:00:00.000Z', request: {}, summary: 'launched' },
};
const KEY = { 'idempotency-key': 'a-key-of-its-own' };

describe('the routes of checklists and attestations', () => {
  let made: ApiWorld;
  beforeEach(async () => {
    made = apiWorld();
    await made.store.put({ kind: 'RUN', record: run });
  });
  const get = (path: string) => made.send('review', path, { as: 'auditor', method: 'GET' });
  const post = async (path: string, as: string, body: unknown, headers: Record<string, string> = KEY) => {
    const response = await made.send('review', path, { as, body, headers });
    return { status: response.status, body: Object(await response.json()) };
  };

  it('show the checklist of a run to whoever may read, as JSON or as a page', async () => {
    const json = await get(`/v1/runs/${RUN}/checklist`);
    const page = await get(`/v1/runs/${RUN}/checklist?format=markdown`);

    assert.equal(Checklist.parse(await json.json()).run, RUN);
    assert.equal(page.headers.get('content-type'), 'text/markdown; charset=utf-8');
    assert.match(await page.text(), /^# Checklist of launch-btc/);
  });

  it('refuse another format, a run that there is not, and an id that is none', async () => {
    const paths = [`/v1/runs/${RUN}/checklist?format=pdf`, '/v1/runs/nobody/checklist', '/v1/attestations?run=a%20b'];
    const codes = await Promise.all(paths.map(async (path) => Object(await (await get(path)).json()).code));

    assert.deepEqual(codes, ['InvalidRequest', 'UnknownRun', 'InvalidRequest']);
  });

  it('put a statement to a signature, and list it', async () => {
    const { status, body } = await post(`/v1/runs/${RUN}/attestations`, 'sre', { item: '7.2', statement: 'looked at' });
    const listed = Object(await (await get(`/v1/attestations?run=${RUN}`)).json());

    assert.deepEqual([status, body.statement.item, typeof body.receipt.leafHash], [202, '7.2', 'string']);
    assert.deepEqual([listed.attestations[0].status, listed.runbook.status], ['asked', 'unknown']);
  });

  it('put one about the runbook to a signature, once there is an edition', async () => {
    const early = await post('/v1/attestations', 'risk', { statement: 'current' });
    const edition = { text: digestOf('the runbook'), trace: digestOf('the trace') };
    await registerRunbook(edition, 'v1', made.ports);

    const { status, body } = await post(
      '/v1/attestations',
      'risk',
      { statement: 'current' },
      { 'idempotency-key': 'another-key' },
    );

    assert.deepEqual([early.body.code, status, body.statement.runbook], ['InvalidRequest', 202, edition.text]);
  });

  it('refuse whoever may not, what is no statement, and what has no key', async () => {
    const path = `/v1/runs/${RUN}/attestations`;
    const good = { item: '7.2', statement: 'looked at' };
    const codes = [
      await post(path, 'auditor', good),
      await post(path, 'trader', good),
      await post(path, 'sre', { ...good, statement: '' }),
      await post(path, 'sre', { ...good, ticked: true }),
      await post(path, 'sre', { ...good, item: '8.1' }),
      await post(path, 'sre', good, {}),
    ].map(({ body }) => body.code);

    assert.deepEqual(codes, [
      'WrongRole',
      'WrongRole',
      'InvalidRequest',
      'InvalidRequest',
      'InvalidRequest',
      'IdempotencyKeyMissing',
    ]);
  });
});
