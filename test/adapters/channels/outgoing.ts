import type { Outgoing } from '../../../domain/ports/message-channels.ts';

/** A message as the courier hands it over. */
export const anOutgoing = (changes: Partial<Outgoing> = {}): Outgoing => ({
  channel: '#incidents',
  target: { via: 'slack' },
  subject: 'Kill-switch triggered for btc-momentum due to fat finger',
  text: 'Kill-switch triggered for btc-momentum due to fat finger\nExpected recovery: not known',
  severity: 'critical',
  audience: ['Executive', 'Compliance'],
  at: '2026-11-26T09:35:01.234Z',
  ...changes,
});

/** What somebody might write into a reason: markup, mentions, links, headers, quotes, directions. */
export const NASTY: readonly string[] = [
  '<!channel> <@U123> <#C1|x> <https://evil.example|approve>',
  '*bold* _it_ ~no~ `code` ```block``` > quote & &amp; &lt;b&gt;',
  'one\r\nBcc: everybody@example.com\r\n\r\nbody',
  '{"text":"\\u003c!here\\u003e"} ${process.env.SECRET} {{7*7}} <strategy>',
  'left \u202eright\u202c \u0007\u001b[31m\u2028next \ud83d\ude80 \ud800',
  '@here @everyone #general :rotating_light: http://evil.example/x',
];
