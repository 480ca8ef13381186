import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { channelSecret } from '../../../local/seed/channel-secret.ts';

describe('channelSecret', () => {
  const ours = (port: number) => ({
    '#risk': { webhook: `http://127.0.0.1:${port}/sinks/slack/%23risk/token` },
    'on-call page': { routingKey: 'k', url: `http://127.0.0.1:${port}/sinks/pagerduty/v2/enqueue` },
  });
  const own = { webhook: 'https://hooks.slack.com/services/T/B/x' };
  const mail = { smtp: { host: 'mail.example.com', port: 587, from: 'desk@example.com' } };

  it('leads to the sinks of this start, and says the same at each', () => {
    const first = channelSecret(ours(4510))(undefined);

    assert.deepEqual(JSON.parse(first), ours(4510));
    assert.equal(channelSecret(ours(4510))(first), first);
    assert.deepEqual(JSON.parse(channelSecret(ours(4999))(first)), ours(4999));
  });

  it('leaves what somebody has put there as it is', () => {
    const changed = JSON.stringify({ ...ours(4510), '#risk': own, 'compliance mail': mail });

    assert.deepEqual(JSON.parse(channelSecret(ours(4999))(changed)), {
      ...ours(4999),
      '#risk': own,
      'compliance mail': mail,
    });
    for (const text of ['no JSON', '"words"']) assert.equal(channelSecret(ours(4510))(text), text);
  });

  it('forgets a channel that the matrix has no more', () => {
    assert.deepEqual(JSON.parse(channelSecret({})(JSON.stringify(ours(4510)))), {});
  });
});
