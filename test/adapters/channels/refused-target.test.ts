import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isLoopback, refusedServer, refusedTarget } from '../../../adapters/channels/refused-target.ts';

const HOSTS = ['hooks.slack.com', 'events.pagerduty.com', '127.0.0.1:4510', 'chat.example.com:8443'];

describe('refusedTarget', () => {
  const allowed = [
    'https://hooks.slack.com/services/T/B/x',
    'https://HOOKS.slack.com:443/services/T/B/x',
    'https://events.pagerduty.com/v2/enqueue',
    'https://chat.example.com:8443/hooks/1',
    'http://127.0.0.1:4510/sinks/slack/x',
  ];
  for (const target of allowed)
    it(`lets ${target} be sent to`, () => assert.equal(refusedTarget(target, HOSTS), undefined));

  const refused: readonly [string, RegExp][] = [
    ['http://hooks.slack.com/services/T/B/x', /not https/],
    ['https://hooks.slack.com:8443/x', /not one of MessageHosts/],
    ['https://chat.example.com/hooks/1', /not one of MessageHosts/],
    ['https://hooks.slack.com.evil.example/x', /not one of MessageHosts/],
    ['https://evil-hooks.slack.com/x', /not one of MessageHosts/],
    ['https://evil.example/hooks.slack.com', /not one of MessageHosts/],
    ['https://hooks.slack.com./x', /not one of MessageHosts/],
    ['https://hooks.slack.com@evil.example/x', /user name or password/],
    ['https://user:pass@hooks.slack.com/x', /user name or password/],
    ['https://169.254.169.254/latest/meta-data/', /not one of MessageHosts/],
    ['http://169.254.169.254/latest/meta-data/', /not https/],
    ['https://2852039166/', /not one of MessageHosts/],
    ['http://127.0.0.1:4511/', /not one of MessageHosts/],
    ['http://localhost:4510/', /not one of MessageHosts/],
    ['http://[::1]:4510/', /not one of MessageHosts/],
    ['http://127.1:4511/', /not one of MessageHosts/],
    ['file:///etc/passwd', /not https/],
    ['ftp://hooks.slack.com/', /not https/],
    ['javascript:alert(1)', /not https/],
    ['hooks.slack.com/services', /no URL/],
    ['', /no URL/],
  ];
  for (const [target, why] of refused)
    it(`refuses ${target || 'nothing'}`, () => assert.match(refusedTarget(target, HOSTS) ?? 'sent', why));

  it('never repeats the path of an address, which is a secret', () => {
    for (const [target] of refused)
      assert.doesNotMatch(refusedTarget(`${target}/T00SECRET`, HOSTS) ?? 'sent', /SECRET|user:|pass@/);
  });
});

describe('refusedServer', () => {
  it('wants host and port on the list', () => {
    assert.equal(refusedServer('mail.example.com', 587, ['mail.example.com:587']), undefined);
    assert.match(
      refusedServer('mail.example.com', 25, ['mail.example.com:587', 'mail.example.com']) ?? '',
      /:25 is not/,
    );
  });
});

describe('isLoopback', () => {
  it('is true of this machine alone', () => {
    assert.deepEqual(['127.0.0.1', 'localhost', '[::1]', '127.0.0.2', 'localhost.evil.example'].map(isLoopback), [
      ...[true, true, true],
      ...[false, false],
    ]);
  });
});
