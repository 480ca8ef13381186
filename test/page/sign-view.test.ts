import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApprovalKind } from '../../domain/approval/approval.ts';
import { canonicalJson } from '../../domain/ledger/canonical-json.ts';
import { checkDigest } from '../../page/check-digest.ts';
import { kindWords } from '../../page/kind-words.ts';
import { signView } from '../../page/sign-view.ts';
import { aSession } from './a-session.ts';

const viewOf = async (session = aSession()) =>
  signView(session, await checkDigest(session.approval, session.options.challenge));

describe('signView', () => {
  it('shows what a kill is about, who is still to sign, as whom one signs, and until when', async () => {
    const { title, facts, maySign, mayDecline, stop } = await viewOf();

    assert.deepEqual([title, maySign, mayDecline, stop], ['Confirm a kill', true, true, undefined]);
    assert.deepEqual(Object.fromEntries(facts), {
      Strategy: 'btc-momentum',
      Reason: 'quotes look wrong',
      'Killed by': 'sub-risk',
      'Killed at': '2026-11-24 09:00:00 UTC',
      Run: 'kill-1',
      'Still to sign': 'risk officer, execution trader',
      'You are': 'sub-trader, execution trader',
      'Open until': '2027-11-24 09:00:01 UTC',
    });
  });

  it('shows the environment where the document names one, and who has answered already', async () => {
    const at = '2026-11-24T09:00:00.000Z';
    const { facts } = await viewOf(
      aSession({
        kind: 'launch-confirmation',
        document: { action: 'launch', environment: 'prod', reason: 'of no kill' },
        signatures: [
          { actor: 'sub-1', role: 'sre', decision: 'approve', at },
          { actor: 'sub-2', role: 'risk-officer', decision: 'decline', at },
        ],
      }),
    );

    assert.deepEqual(
      facts.filter(([term]) => ['Environment', 'Signed', 'Declined', 'Reason'].includes(term)),
      [
        ['Environment', 'prod'],
        ['Signed', 'SRE (sub-1), 2026-11-24 09:00:00 UTC'],
        ['Declined', 'risk officer (sub-2), 2026-11-24 09:00:00 UTC'],
      ],
    );
  });

  it('shows the whole document, in the order that is signed', async () => {
    const session = aSession({ document: { z: 1, a: { y: [true, null], b: 'text' } } });

    const { document } = await viewOf(session);

    assert.deepEqual(document.split(/\s+/).slice(0, 3), ['{', '"a":', '{']);
    assert.equal(document.replaceAll(/\n */g, '').replaceAll('": ', '":'), canonicalJson(session.approval.document));
  });

  it('writes out what cannot be seen or turns the direction of reading, and it still says the same', async () => {
    const hostile = { reason: 'pay \u202egpj.exe\u200b \u2066x \u{e0041}\u0007 <b>\n' };
    const { document, facts } = await viewOf(aSession({ strategyId: 'btc\u202e-x', document: hostile }));

    assert.match(document, /"pay \\u202egpj\.exe\\u200b \\u2066x \\udb40\\udc41\\u0007 <b>\\n"/);
    assert.deepEqual(JSON.parse(document), hostile);
    assert.deepEqual(facts[0], ['Strategy', 'btc\\u202e-x']);
  });

  it('stops, with both digests and no button, when the document is not what would be signed', async () => {
    const { title, stop, maySign, mayDecline, document } = await viewOf(
      aSession({ digest: `sha256:${'0'.repeat(64)}` }),
    );

    assert.deepEqual([stop?.happened, maySign, mayDecline], ['Stop: sign nothing', false, false]);
    assert.equal(stop?.facts[1]?.[1], `sha256:${'0'.repeat(64)}`);
    assert.match(`${title} ${document}`, /Confirm a kill.*quotes look wrong/s);
  });

  it('stops without a document when it has no form that could be signed', async () => {
    const session = aSession();
    const broken = { ...session, approval: { ...session.approval, document: { reason: '\udfff' } } };

    const { document, stop } = await viewOf(broken);

    assert.deepEqual([document, stop?.happened], ['', 'Stop: sign nothing']);
  });

  it('has no button once the question is closed', async () => {
    for (const status of ['complete', 'declined', 'expired', 'void']) {
      const { stop, maySign, mayDecline } = await viewOf(aSession({ status }));
      assert.deepEqual([stop?.happened, maySign, mayDecline], [`This question is ${status}`, false, false]);
    }
  });

  it('lets somebody without an authenticator decline, and says how to get one', async () => {
    const { maySign, mayDecline, notice } = await viewOf(aSession({}, { allowCredentials: [] }));

    assert.deepEqual([maySign, mayDecline], [false, true]);
    assert.match(notice ?? '', /tradepulse-cli credential enrol/);
  });

  it('has words for every kind of question there is, and shows the name of one that it does not know', () => {
    for (const kind of ApprovalKind.options) assert.doesNotMatch(kindWords(kind).title, /^Sign: /, kind);
    assert.equal(kindWords('new-kind').title, 'Sign: new-kind');
  });
});
