import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stringify } from 'yaml';
import { fromRoot } from '../../lib/from-root.ts';
import { byApplication, parseStrategies, readStrategies } from '../../lib/strategies-config.ts';

const [example] = readStrategies(fromRoot('config/strategies.yaml'));
assert.ok(example);

const variant = (id: string, more: object = {}) => ({
  ...example,
  id,
  engines: [{ instanceId: `${id}-1`, controlUrl: 'https://engines.example/x' }],
  ...more,
});
const parsed = (...strategies: object[]) => parseStrategies(stringify({ strategies }), 'strategies.yaml');
const many = (count: number, more: object = {}) => Array.from({ length: count }, (_, at) => variant(`s${at}`, more));

describe('readStrategies', () => {
  it('reads the two demo strategies of the repository', () => {
    const ids = readStrategies(fromRoot('config/strategies.yaml')).map(({ id, venues }) => [
      id,
      venues.map((venue) => venue.id),
    ]);

    assert.deepEqual(ids, [
      ['btc-momentum', ['XSIM']],
      ['eurusd-carry', ['XSIF']],
    ]);
  });
});

describe('parseStrategies', () => {
  it('takes 20 strategies in one AppConfig application and refuses the 21st, naming the application', () => {
    assert.equal(parsed(...many(20)).length, 20);
    assert.throws(() => parsed(...many(21)), /flag.application demo holds 21 strategies; AppConfig allows 20/);
  });

  it('keeps strategies of two applications apart', () => {
    const groups = byApplication(parsed(variant('a'), variant('b', { flag: { application: 'other' } }), variant('c')));

    assert.deepEqual(
      [...groups].map(([application, each]) => [application, each.map(({ id }) => id)]),
      [
        ['demo', ['a', 'c']],
        ['other', ['b']],
      ],
    );
  });

  it('refuses more engine instances than the lease authorizer takes', () => {
    const each = (at: number) => variant(`s${at}`, { flag: { application: `a${Math.floor(at / 20)}` } });

    assert.throws(() => parsed(...Array.from({ length: 51 }, (_, at) => each(at))), /51 engine instances/);
  });

  const mistakes: [string, object[], RegExp][] = [
    [
      'the same strategy twice',
      [variant('a'), variant('a', { engines: [{ instanceId: 'z', controlUrl: 'https://x.example' }] })],
      /strategy a stands there twice/,
    ],
    [
      'the same engine instance twice',
      [variant('a'), variant('b', { engines: variant('a').engines })],
      /engine instance a-1 stands there twice/,
    ],
    ['a primary venue that is no venue', [variant('a', { primaryVenue: 'NOPE' })], /primaryVenue is not one of venues/],
    ['an id with capitals', [variant('BTC')], /1 to 40 of a-z/],
    ['a lease longer than five seconds', [variant('a', { leaseTtlMs: 6000 })], /leaseTtlMs/],
    ['an unknown key', [variant('a', { enabled: true })], /enabled/],
    ['an unknown drain policy', [variant('a', { policy: { ...example.policy, drainPolicy: 'hope' } })], /drainPolicy/],
    [
      'a kind of venue that is none',
      [variant('a', { venues: [{ id: 'XSIM', url: 'https://x.example', kind: 'sandbox' }] })],
      /venues\[0\]\.kind/,
    ],
    ['a url that is none', [variant('a', { venues: [{ id: 'XSIM', url: 'ftp://x' }] })], /http\(s\) url/],
    ['no strategies', [], /strategies/],
  ];
  for (const [what, strategies, message] of mistakes) {
    it(`refuses ${what}, and says where`, () => {
      assert.throws(
        () => parsed(...strategies),
        (error: Error) => error.message.startsWith('strategies.yaml is not valid') && message.test(error.message),
      );
    });
  }
});
