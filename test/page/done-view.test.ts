import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answeredView, enrolledView } from '../../page/done-view.ts';
import { aSession } from './a-session.ts';

const receipt = { log: 'btc-momentum', index: 7 };
const after = (asked: Parameters<typeof aSession>[0], decision: 'approve' | 'decline' = 'approve') =>
  answeredView(decision, { approval: aSession(asked).approval, receipt });

describe('answeredView', () => {
  it('says who is still to sign, and that nothing trades meanwhile', () => {
    const { title, text, facts } = after({ missingRoles: ['risk-officer'] });

    assert.deepEqual([title, text], ['Signed', 'Still to sign: risk officer. Trading stays halted meanwhile.']);
    assert.deepEqual(facts.at(-1), ['In the ledger', 'btc-momentum, entry 7']);
    assert.match(after({ kind: 'recovery' }).text, /Until then nothing happens\.$/);
  });

  it('says what goes on by itself once everybody has signed', () => {
    assert.match(after({ status: 'complete' }).text, /The kill is confirmed/);
    assert.match(after({ status: 'complete', kind: 'recovery' }).text, /Nothing trades until the next launch/);
  });

  it('says what a no does', () => {
    const { title, text } = after({ status: 'declined', kind: 'launch-confirmation' }, 'decline');

    assert.deepEqual([title, text.slice(0, 23)], ['Declined', 'The launch is withdrawn']);
  });
});

describe('enrolledView', () => {
  it('says that the authenticator signs nothing yet, and gives the command of whoever approves it', () => {
    const { text, command } = enrolledView({ credential: { id: 'abc-123', label: 'office\u202e key' }, receipt });

    assert.match(text, /^“office\\u202e key” signs nothing before somebody else has approved it/);
    assert.equal(command, 'npx tradepulse-cli credential approve abc-123');
  });
});
