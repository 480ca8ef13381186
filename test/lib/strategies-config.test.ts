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
const parsed = (...strategies: object[]) =>
  parseStrategies(stringify({ strategies }, { aliasDuplicateObjects: false }), 'strategies.yaml');
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

  it('asks CI for the three checks of the runbook within a week, in an attestation, when nothing else is said', () => {
    const { requiredChecks: _checks, ci: _ci, ciMaxAgeHours: _age, ...policy } = example.policy;

    const [read] = parsed(variant('a', { policy }));

    assert.deepEqual(
      [read?.policy.requiredChecks, read?.policy.ci, read?.policy.ciMaxAgeHours],
      [['build', 'heavy-math', 'cross-architecture'], { source: 'attestation' }, 168],
    );
  });

  it('says the line of a mistake, of a repeated key, and of aliases that multiply', () => {
    const bomb = ['a: &a [x, x]', 'b: &b [*a, *a, *a, *a, *a, *a]', 'strategies: [*b, *b, *b, *b, *b, *b]'].join('\n');

    for (const [text, wrong] of [
      ['strategies:\n  - id: BTC\n', /^Error: s\.yaml is not valid:\ns\.yaml:2:5: strategies\.0\.id: 1 to 40/],
      ['strategies: []\nstrategies: []\n', /s\.yaml:2:1: Map keys must be unique/],
      [bomb, /s\.yaml:2:8: .*alias/],
    ] as const)
      assert.throws(() => parseStrategies(text, 's.yaml'), wrong);
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

  const window = { timeZone: 'Europe/London', days: ['MON'], from: '08:00', to: '16:00' };
  const agreed = (policy: object) => [variant('a', { policy: { ...example.policy, ...policy } })];
  const mistakes: [string, object[], RegExp][] = [
    [
      'smoke bands that nothing can be in',
      agreed({ smoke: { ...example.policy.smoke, minOrders: 9, maxOrders: 8 } }),
      /minOrders is more than maxOrders/,
    ],
    ['a smoke band that nobody knows', agreed({ smoke: { ...example.policy.smoke, maxSlippage: 1 } }), /maxSlippage/],
    ['a soft band that there is not', agreed({ smoke: { ...example.policy.smoke, soft: ['all'] } }), /soft\.0/],
    ['an engine configuration that is no digest', agreed({ engineConfiguration: '1.0.0' }), /a digest is sha256:/],
    ['no required check at all', agreed({ requiredChecks: [] }), /requiredChecks/],
    [
      'a repository without its owner',
      agreed({ ci: { source: 'github', repository: 'x' } }),
      /a repository is owner\/name/,
    ],
    [
      'a repository that climbs',
      agreed({ ci: { source: 'github', repository: 'desk/..' } }),
      /a repository is owner\/name/,
    ],
    ['another source of checks', agreed({ ci: { source: 'mail' } }), /ci/],
    ['checks that never get old', agreed({ ciMaxAgeHours: 100_000 }), /ciMaxAgeHours/],
    [
      'a release window that ends before it begins',
      agreed({ releaseWindow: { ...window, to: '08:00' } }),
      /from has to be/,
    ],
    [
      'a release window nowhere',
      agreed({ releaseWindow: { ...window, timeZone: 'Mars/Olympus' } }),
      /a time zone like/,
    ],
    ['an error budget below nothing', agreed({ errorBudget: { failures: -1, days: 7 } }), /errorBudget.failures/],
    [
      'an override that the risk officer signs twice',
      agreed({ overrideAuthorisers: ['risk-officer'] }),
      /overrideAuthor/,
    ],
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
      /venues\.0\.kind/,
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
