import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readPageAddress } from '../../page/page-address.ts';
import { type Answered, sessionApi } from '../../page/session-api.ts';
import { earlier, timeLeft, utc } from '../../page/time-left.ts';
import { aSession } from './a-session.ts';

const SECRET = 'secret-0123456789';
const address = { session: 'session-1', secret: SECRET, label: '' };

function api(answer: () => Response, pageUrl = 'http://localhost:4510/sign/session-1') {
  const sent: { url: string; init: RequestInit }[] = [];
  const asked = sessionApi(address, pageUrl, async (url, init) => {
    sent.push({ url: url.href, init });
    return answer();
  });
  return { ...asked, sent };
}
const failureOf = (answer: Answered<unknown>) => ('failure' in answer ? answer.failure : assert.fail('no failure'));

describe('readPageAddress', () => {
  it('finds the session in the path, also below another one, and secret and label behind the #', () => {
    const hash = `#${SECRET}&label=office%20key`;

    for (const pathname of ['/sign/session-1', '/live/sign/session-1'])
      assert.deepEqual(readPageAddress({ pathname, hash }), { ...address, label: 'office key' });
    assert.deepEqual(readPageAddress({ pathname: '/sign/session-1', hash: `#${SECRET}` }), address);
  });

  it('finds nothing when a part is missing or is none', () => {
    for (const [pathname, hash] of [
      ['/sign/session-1', ''],
      ['/sign/session-1', '#short'],
      ['/sign/', `#${SECRET}`],
      ['/sign/../../x', `#${SECRET}`],
      ['/sign/session-1', `#${SECRET}"<b>`],
    ] as const)
      assert.equal(readPageAddress({ pathname, hash }), undefined, `${pathname}${hash}`);
  });
});

describe('sessionApi', () => {
  it('asks beside the page, wherever that stands, with the secret in a header and in no address', async () => {
    const own = api(() => Response.json(aSession()));
    const below = api(() => Response.json(aSession()), 'https://x.example.com/live/sign/session-1');

    assert.deepEqual(await own.look(), { value: aSession() });
    await below.answer({ decision: 'decline' });

    assert.deepEqual(
      [...own.sent, ...below.sent].map(({ url }) => url),
      [
        'http://localhost:4510/v1/signing-sessions/session-1',
        'https://x.example.com/live/v1/signing-sessions/session-1/signature',
      ],
    );
    assert.equal(new Headers(own.sent[0]?.init.headers).get('signing-secret'), SECRET);
    assert.deepEqual([below.sent[0]?.init.method, below.sent[0]?.init.credentials], ['POST', 'omit']);
  });

  it('gives a refusal in the words of the control plane', async () => {
    const problem = { code: 'SigningSessionInvalid', detail: 'this session has been used', next: 'open another' };

    const { why, final } = failureOf(await api(() => Response.json(problem, { status: 403 })).look());

    assert.deepEqual([why, final], ['This session has been used. (SigningSessionInvalid)', true]);
  });

  it('says so when what answers is not the control plane, whatever its status', async () => {
    for (const [body, status] of [
      ['<html>', 502],
      ['{}', 200],
      ['{"error":1}', 403],
    ] as const)
      assert.match(
        failureOf(await api(() => new Response(body, { status })).look()).why,
        new RegExp(`status ${status}`),
      );
  });

  it('asks of no authenticator that it signs without verifying its person', async () => {
    const lenient = { ...aSession(), options: { ...aSession().options, userVerification: 'discouraged' } };

    assert.match(failureOf(await api(() => Response.json(lenient)).look()).happened, /could not be understood/);
  });

  it('says what is not known when nothing answers, and leaves any other error alone', async () => {
    const gone = api(() => {
      throw new TypeError('Failed to fetch');
    });
    const odd = api(() => {
      throw new RangeError('odd');
    });

    assert.match(failureOf(await gone.enrol({})).why, /not known whether your request arrived/);
    await assert.rejects(odd.look(), RangeError);
  });
});

describe('timeLeft', () => {
  it('counts down in minutes and seconds, and ends', () => {
    const now = new Date('2026-11-24T09:00:00.500Z');

    assert.equal(timeLeft('2026-11-24T09:05:00.000Z', now), '5 min 00 s');
    assert.equal(timeLeft('2026-11-24T09:00:01.000Z', now), '0 min 01 s');
    for (const past of ['2026-11-24T09:00:00.500Z', 'no time']) assert.equal(timeLeft(past, now), undefined);
  });

  it('takes the earlier of two ends, and shows what is no time as it is', () => {
    const [one, other] = ['2026-11-24T09:05:00Z', '2026-11-24T09:04:00Z'];

    assert.deepEqual([earlier(one, other), earlier(other, one)], [other, other]);
    assert.deepEqual([utc(one), utc('soon')], ['2026-11-24 09:05:00 UTC', 'soon']);
  });
});
