import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { digestOf } from '../../../domain/ledger/digest.ts';
import type { LedgerEntry } from '../../../domain/ledger/ledger-entry.ts';
import { auditRun } from '../../../domain/review/audit/audit-run.ts';
import { launchOf } from '../checklist/a-trading-run.ts';
import { stoppedWell } from './a-review.ts';
import { type Auditable, auditable, type Change, failuresOf, isType, onlyWrong, withEntries } from './audited.ts';

const withPayload = (entry: LedgerEntry, payload: object): LedgerEntry => ({
  ...entry,
  payload: { ...entry.payload, ...payload },
});
const withProof = (entry: LedgerEntry, changes: object): LedgerEntry => ({
  ...entry,
  proofs: entry.proofs.map((proof) => ({ ...proof, ...changes })),
});

describe('the audit of a launch', () => {
  let run: Auditable;
  before(async () => {
    const { made } = await stoppedWell();
    run = await auditable(made, await launchOf(made));
  });

  const signed = (role: string, kind: string, change: Change): Change =>
    isType('approval.signed', (entry) =>
      entry.payload['role'] === role && entry.payload['kind'] === kind ? change(entry) : entry,
    );
  const byTrader = (change: Change) => signed('execution-trader', 'launch-confirmation', change);

  it('verifies both confirmations, the flip, the manifest and the recorded event, from the stored bytes', () => {
    const { checks, altered } = auditRun(run.audited, run.trust);

    assert.deepEqual(altered, []);
    assert.deepEqual(
      checks.map(({ item, verdict, by }) => [item, verdict, by]),
      [
        ['1.1', 'verified', 'sub-quant'],
        ['Go/No-Go', 'verified', 'the governance key'],
        ['2.3', 'verified', 'sub-trader'],
        ['2.3', 'verified', 'sub-risk'],
        ['2.5', 'verified', 'sub-trader'],
      ],
    );
  });

  for (const [what, change, expected] of [
    [
      'a confirmation that is not there',
      byTrader(() => undefined),
      /missing: the launch of .*: execution-trader: nobody has signed/,
    ],
    [
      'a confirmation without a signature',
      byTrader((entry) => ({ ...entry, proofs: [] })),
      /failed: .*execution-trader: holds no signature at all/,
    ],
    [
      'a signature over other bytes',
      byTrader((entry) => withProof(entry, { signature: 'AAAA' })),
      /failed: .*execution-trader: .*not by the key/,
    ],
    [
      'a login without a second factor',
      byTrader((entry) => withProof(entry, { acr: 'urn:cognito:loa:1' })),
      /login without a second factor \(urn:cognito:loa:1\)/,
    ],
    [
      'a login of an hour before',
      byTrader((entry) => withProof(entry, { authTime: '2026-11-24T11:00:00.000Z' })),
      /login of 2026-11-24T11:00:00.000Z, too long before/,
    ],
    [
      'a login of the future',
      byTrader((entry) => withProof(entry, { authTime: '2026-11-24T12:02:00.000Z' })),
      /login of 2026-11-24T12:02/,
    ],
    [
      'a signature that came at the moment at which its question had expired',
      byTrader((entry) => ({
        ...withProof(entry, { authTime: '2026-11-24T12:30:00.000Z' }),
        at: '2026-11-24T12:30:00.000Z',
      })),
      /came after the question had expired/,
    ],
    ['a form that is none', byTrader((entry) => ({ ...entry, proofs: [{ method: 'webauthn' }] })), /not of the form/],
    [
      'a method that nobody knows',
      byTrader((entry) => ({ ...entry, proofs: [{ method: 'a handshake' }] })),
      /method that this verifier cannot judge/,
    ],
    [
      'an event of the change that is not recorded',
      isType('governance.strategy-change.recorded', () => undefined),
      /missing: the signed event.*none was recorded/,
    ],
    [
      'an event that is not signed',
      isType('governance.strategy-change.recorded', (entry) => withPayload(entry, { envelope: {} })),
      /failed: the signed event.*no signed envelope/,
    ],
  ] as const)
    it(`finds ${what}`, () => onlyWrong(withEntries(run, change), expected));

  it('takes nobody twice: the second role needs a second person', () => {
    const first = run.audited.entries.find(({ entry }) => entry.type === 'approval.signed')?.entry ?? assert.fail();
    const again = signed('risk-officer', 'launch-confirmation', ({ seq }) => ({
      ...withPayload(first, { role: 'risk-officer' }),
      seq,
    }));

    onlyWrong(withEntries(run, again), /missing: .*risk-officer: sub-trader has signed in another role already/);
  });

  it('finds a thing that was done without anybody being asked', () => {
    const wrong = failuresOf(
      withEntries(
        run,
        isType('approval.requested', () => undefined),
      ),
    );

    assert.equal(wrong.filter((each) => each.endsWith('nobody was asked')).length, 3);
    assert.ok(wrong.some((each) => each.startsWith('missing: the signed manifest')));
  });

  it('takes no signature that came after what it should have carried', () => {
    const late = run.audited.entries.findLast(({ entry }) => entry.type === 'approval.signed');
    const swapped = run.audited.entries.map((stored) => (stored === late ? { ...stored, index: 999 } : stored));

    onlyWrong(
      { ...run, audited: { ...run.audited, entries: swapped } },
      /missing: the flip of live.enabled of .*: nobody has signed/,
    );
  });

  it('finds a document that is another one than was shown, and one about another strategy', () => {
    const other = isType('approval.requested', (entry) =>
      withPayload(entry, { document: { ...Object(entry.payload['document']), reason: 'because' } }),
    );
    const elsewhere = isType('approval.requested', (entry) =>
      withPayload(entry, { document: { ...Object(entry.payload['document']), strategy: 'eurusd-carry' } }),
    );

    for (const change of [other, elsewhere])
      assert.equal(
        failuresOf(withEntries(run, change)).filter((each) => each.includes('is over another document')).length,
        3,
      );
  });

  it('finds a question about another strategy, whoever signed it', () => {
    const other = (document: unknown) => ({ ...Object(document), strategy: 'eurusd-carry' });
    const flip =
      run.audited.entries.findLast(({ entry }) => entry.type === 'approval.requested')?.entry ?? assert.fail();
    const digest = digestOf(other(flip.payload['document']));
    const ofFlip = (entry: LedgerEntry) => entry.payload['approval'] === flip.payload['approval'];

    const elsewhere = withEntries(run, (entry) => {
      if (!ofFlip(entry)) return entry;
      return withPayload(
        entry,
        entry.type === 'approval.requested' ? { digest, document: other(entry.payload['document']) } : { digest },
      );
    });

    onlyWrong(elsewhere, /failed: the flip .*: is about eurusd-carry/);
  });

  it('finds an entry that has a member which no entry has', () =>
    onlyWrong(
      withEntries(
        run,
        byTrader((entry) => ({ ...entry, extra: 1 }) as never),
      ),
      /not of the form of an entry: look at extra/,
    ));

  it('believes no key that the log desk does not know, that is somebody else’s, or that was revoked by then', () => {
    const known = [...run.trust.keys];
    const trusting = (change: (key: (typeof known)[number][1]) => object) =>
      failuresOf({
        ...run,
        trust: { ...run.trust, keys: new Map(known.map(([id, key]) => [id, { ...key, ...change(key) }])) },
      }).join();

    assert.match(
      failuresOf({ ...run, trust: { ...run.trust, keys: new Map() } }).join(),
      /key that was never enrolled/,
    );
    assert.match(
      trusting(() => ({ publicKey: 'another' })),
      /another key than the one that was enrolled/,
    );
    assert.match(
      trusting(() => ({ owner: 'sub-mallory' })),
      /key of somebody else/,
    );
    assert.match(
      trusting(() => ({ approvedAt: undefined })),
      /key that nobody had approved/,
    );
    assert.match(
      trusting(() => ({ approvedAt: '2026-11-25T11:00:00.000Z' })),
      /key that nobody had approved/,
    );
    assert.match(
      trusting(() => ({ revokedAt: '2026-11-24T11:00:00.000Z' })),
      /revoked at 2026-11-24T11:00/,
    );
    assert.equal(
      trusting(() => ({ revokedAt: '2026-11-25T11:00:00.000Z' })),
      '',
    );
  });

  it('takes software authenticators for nothing where they are refused', () => {
    const demo = byTrader((entry) => withProof(entry, { authenticator: 'demo' }));

    onlyWrong(withEntries(run, demo), /authenticator in software/);
    assert.deepEqual(
      failuresOf({ ...withEntries(run, demo), trust: { ...run.trust, demoAuthenticators: 'accepted' } }),
      [],
    );
  });

  it('finds an entry that is not what was written, whatever it says', () => {
    const entries = run.audited.entries.map((stored) =>
      stored.index === 7 ? { ...stored, altered: 'is not what was written' } : stored,
    );

    const { altered, checks } = auditRun({ ...run.audited, entries }, run.trust);

    assert.deepEqual(altered, [{ index: 7, what: 'is not what was written' }]);
    assert.equal(checks.filter(({ why }) => why === 'is not what was written').length, 1);
  });

  it('judges the manifest as it stands: another one is gone, an unsigned one and one of somebody else fail', () => {
    const { manifest } = run.trust;
    const trusting = (changes: object) => ({
      ...run,
      trust: { ...run.trust, manifest: manifest && { ...manifest, ...changes } },
    });

    onlyWrong({ ...run, trust: { ...run.trust, manifest: undefined } }, /gone: the signed manifest/);
    onlyWrong(trusting({ hash: 'sha256:other' }), /gone: .* is not what is stored now/);
    onlyWrong(trusting({ judgedAt: () => [] }), /failed: the signed manifest of .*: sub-quant has not signed it/);
    onlyWrong(
      trusting({ judgedAt: () => [{ key: { holder: 'sub-mallory' }, told: 'by sub-mallory' }] }),
      /sub-quant has not signed it/,
    );
    onlyWrong(
      trusting({ judgedAt: () => [{ code: 'ManifestKeyRevoked', told: 'signed by a key that was revoked' }] }),
      /key that was revoked/,
    );
  });

  it('takes no event of the change that was recorded after the launch was enabled', () => {
    const entries = run.audited.entries.map((stored) =>
      stored.entry.type === 'governance.strategy-change.recorded' ? { ...stored, index: 999 } : stored,
    );

    onlyWrong({ ...run, audited: { ...run.audited, entries } }, /none was recorded before it was enabled/);
  });

  it('finds an event of the change that is about another run, document or plan', () => {
    const elsewhere = isType('governance.strategy-change.recorded', (entry) => ({
      ...entry,
      run: 'launch-other' as never,
    }));
    const planned = isType('approval.requested', (entry) =>
      withPayload(entry, { document: { ...Object(entry.payload['document']), planDigest: 'sha256:other' } }),
    );
    const asked = isType('approval.requested', (entry) => withPayload(entry, { digest: 'sha256:other' }));

    assert.match(failuresOf(withEntries(run, elsewhere)).join(), /none was recorded before it was enabled/);
    assert.match(failuresOf(withEntries(run, planned)).join(), /about another plan than the one that was signed/);
    assert.match(failuresOf(withEntries(run, asked)).join(), /about another document than the one that was signed/);
    const renamed = isType('launch.enabled', (entry) => ({ ...entry, run: 'launch-renamed' as never }));
    const both = (entry: LedgerEntry) => {
      const next = renamed(entry);
      return next?.type === 'governance.strategy-change.recorded' ? { ...next, run: 'launch-renamed' as never } : next;
    };
    assert.match(failuresOf(withEntries(run, both)).join(), /is about launch-btc-momentum/);
  });
});
