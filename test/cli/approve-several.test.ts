import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Hono } from 'hono';
import * as z from 'zod';
import { ApprovalId, Digest } from '../../domain/ids.ts';
import { digestOf } from '../../domain/ledger/digest.ts';
import { Assertion, challengeOf, saidIn } from '../../domain/signature/assertion.ts';
import { openBatch } from '../../domain/signature/open-batch.ts';
import { batchDigest, SigningBatch } from '../../domain/signature/signing-batch.ts';
import { demoData } from './demo-data.ts';
import { runCommand } from './run-command.ts';
import { anApproval, problem } from './stand-in-control-plane.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

const open = standInForEachTest();
const data = demoData('risk');
const NOW = new Date('2026-11-23T14:05:09.000Z');

const questionOf = (strategy: string) => {
  const document = { action: 'launch', strategy, ticket: 'CHG-1' };
  return anApproval({ id: `q-${strategy}`, strategyId: strategy, document, digest: digestOf(document) });
};
const questions = ['us-pairs', 'btc-momentum', 'eurusd-carry'].map(questionOf);
const ids = questions.map(({ id }) => id);
const Body = SigningBatch.extend({ assertion: Assertion, reason: z.string().optional() });
const batchOf = (asked: readonly { id: string; digest: string }[]) =>
  openBatch(
    asked.map(({ id, digest }) => ({ id: ApprovalId.parse(id), digest: Digest.parse(digest) })),
    NOW,
  );

type Given = { batch?: SigningBatch; refused?: string };

/** A control plane at which three launches wait. */
const three =
  ({ batch = batchOf(questions), refused }: Given = {}) =>
  (app: Hono) => {
    app.get('/v1/approvals/:id', (c) => c.json(questions.find(({ id }) => id === c.req.param('id'))));
    app.post('/v1/approvals/signing-options', (c) => {
      const options = { challenge: challengeOf(batchDigest(batch)), rpId: 'localhost' };
      return c.json({ ...batch, digest: batchDigest(batch), origin: 'http://localhost:4510', options });
    });
    const no = { code: 'PlanChanged', detail: 'its plan has changed', next: 'look at the new plan', facts: {} };
    const items = batch.items.map(({ approval }) =>
      approval === refused ? { approval, refusal: no } : { approval, status: 'open' },
    );
    app.post('/v1/approvals/signatures', (c) => c.json({ items, summary: `signed of ${items.length}` }));
  };
const sign = (url: string, ...more: string[]) => [
  ...['approvals', 'sign', ...ids, '--as', 'risk', '--url', url, '--data', data],
  ...more,
];
const posted = (requests: { method: string; path: string; body: unknown }[]) =>
  requests.filter(({ method }) => method === 'POST');

describe('approvals sign <id> <id> <id>', () => {
  it('shows each document with its digest, and signs all of them once', async () => {
    const { url, requests } = await open(three());

    const { code, stdout, stderr } = await runCommand(sign(url, '--yes', '--reason', 'morning round'));

    assert.equal(code, 0, stderr);
    for (const { digest, strategyId } of questions) {
      assert.ok(stdout.includes(digest));
      assert.match(stdout, new RegExp(`✓ ${strategyId}: signed: the question is open`));
    }
    const [options, signature, ...others] = posted(requests);
    assert.deepEqual([options?.body, others], [{ approvals: ids }, []]);
    const { assertion, reason, ...batch } = Body.parse(signature?.body);
    assert.deepEqual([batch, reason], [batchOf(questions), 'morning round']);
    const said = saidIn(assertion.response.clientDataJSON, assertion.response.authenticatorData);
    assert.equal(said?.challenge, challengeOf(batchDigest(batch)));
  });

  it('asks once at the terminal, and signs nothing without a yes', async () => {
    const { url, requests } = await open(three());
    const prompts: string[] = [];

    const no = await runCommand(sign(url), { ask: async (prompt) => `${prompts.push(prompt)}` });
    const nobody = await runCommand(sign(url));

    assert.deepEqual([no.code, nobody.code, posted(requests)], [2, 2, []]);
    assert.deepEqual(prompts, ["sign all 3 as risk? type 'yes': "]);
    assert.match(nobody.stderr, /whether to sign q-us-pairs, q-btc-momentum, q-eurusd-carry[\s\S]*documents above/);
  });

  it('tells of each what became of it, and ends as the first that was refused', async () => {
    const { url } = await open(three({ refused: 'q-btc-momentum' }));

    const { code, stdout, stderr } = await runCommand(sign(url, '--yes'));

    assert.equal(code, 14);
    assert.match(stdout, /✖ btc-momentum: its plan has changed \[PlanChanged\]/);
    assert.match(stdout, /✓ us-pairs: signed/);
    assert.match(stderr, /signed of 3 \[PlanChanged\]\n {2}next: look at the new plan/);
  });

  it('signs nothing when the digest of one is not that of its document', async () => {
    const { url, requests } = await open((app) => {
      app.get('/v1/approvals/q-btc-momentum', (c) => c.json({ ...questionOf('btc-momentum'), document: {} }));
      three()(app);
    });

    const { code, stderr } = await runCommand(sign(url, '--yes'));

    assert.deepEqual([code, posted(requests)], [14, []]);
    assert.match(stderr, /sign nothing/);
  });

  it('signs nothing when the control plane would have something else signed along', async () => {
    const { url, requests } = await open(three({ batch: batchOf([...questions, questionOf('another')]) }));

    const { code, stderr } = await runCommand(sign(url, '--yes'));

    assert.equal(code, 14);
    assert.match(stderr, /something else than the documents shown[\s\S]*sign nothing/);
    assert.equal(posted(requests).length, 1);
  });

  it('asks again with the same key when the reply is lost', async () => {
    let times = 0;
    const { url, requests } = await open((app) => {
      app.post('/v1/approvals/signatures', async (_context, next) => {
        times += 1;
        return times === 1 ? problem(500, 'Fault', 'the control plane failed') : next();
      });
      three()(app);
    });

    const { code, stderr } = await runCommand(sign(url, '--yes'));

    assert.equal(code, 0, stderr);
    const keys = requests.filter(({ path }) => path.endsWith('/approvals/signatures')).map(({ key }) => key);
    assert.deepEqual([keys.length, new Set(keys).size], [2, 1]);
  });

  it('signs one after the other on the signing page, and says so', async () => {
    const opened: string[] = [];
    const { url, requests } = await open((app) => {
      app.post('/v1/approvals/:id/signing-sessions', (c) => {
        opened.push(c.req.param('id'));
        const page = `http://localhost:4510/sign/${c.req.param('id')}#secret`;
        return c.json({ session: 's', subject: 'sub-me', url: page, expiresAt: '2026-11-23T14:10:09.000Z' });
      });
      app.get('/v1/approvals/:id', (c) => {
        const id = c.req.param('id');
        const signature = { actor: 'sub-me', role: 'risk-officer', decision: 'approve', at: NOW.toISOString() };
        const isSigned = opened.includes(id);
        const status = id === 'q-us-pairs' && isSigned ? 'complete' : 'open';
        const found = questions.find((each) => each.id === id);
        return c.json({ ...found, status, signatures: isSigned ? [signature] : [] });
      });
    });

    const { code, stdout, stderr } = await runCommand(sign(url, '--yes', '--browser'));

    assert.equal(code, 0, stderr);
    assert.match(stdout, /signs one document at a time[\s\S]*us-pairs: signed: the question is complete\n.*follow it/);
    assert.deepEqual(opened, ids);
    assert.ok(posted(requests).every(({ path }) => path.endsWith('/signing-sessions')));
  });

  it('declines none of several, and takes one that is named twice for one', async () => {
    const { url, requests } = await open(three());

    const no = await runCommand(sign(url, '--decline', '--reason', 'x'));
    const [id = ''] = ids;
    const twice = ['approvals', 'sign', id, id, '--as', 'risk', '--url', url, '--data', data];
    const { stderr } = await runCommand(twice);

    assert.deepEqual([no.code, posted(requests)], [2, []]);
    assert.match(no.stderr, /a no is said to one question/);
    assert.match(stderr, /whether to sign q-us-pairs \[NoConsent\]/);
  });
});
