import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RunId } from '../../../domain/ids.ts';
import { certifyKill } from '../../../domain/kill/certify-kill.ts';
import { entriesOfKill } from '../../../domain/kill/entries-of-kill.ts';
import { killCertificate } from '../../../domain/kill/kill-certificate.ts';
import { killCertificatePage } from '../../../domain/kill/kill-certificate-page.ts';
import { readKillCertificate } from '../../../domain/kill/read-kill-certificate.ts';
import { canonicalJson } from '../../../domain/ledger/canonical-json.ts';
import { digestOfBytes } from '../../../domain/ledger/digest.ts';
import { settleAlone } from '../../../domain/stop/settle-alone.ts';
import { STRATEGY, stateOf, trader, type World, world } from '../../fakes/world.ts';
import { certified, fileOf, killed, logOf, payloadsOf, upToTheCertificate } from './kill-at-its-end.ts';

describe('certifyKill', () => {
  it('makes none for a repeated kill, and names the one that has it', async () => {
    const { made, step } = await certified();
    const again = await killed(made, 'again');

    const { verdict, summary } = await certifyKill(again, made.ports);

    assert.equal(verdict, 'nothing-to-do');
    assert.ok(summary.includes(step.runId));
    await assert.rejects(readKillCertificate(again.runId, made.ports), {
      name: 'NotFound',
      facts: { run: step.runId },
    });
  });

  it('keeps what was filed by an earlier try whose entry got lost', async () => {
    const made = world();
    const step = await upToTheCertificate(made);
    made.store.losing = 99;
    await assert.rejects(certifyKill(step, made.ports), { name: 'Contended' });
    made.store.losing = 0;
    const filed = fileOf(made, 'kill-certificate.json');

    await certifyKill(step, made.ports);

    assert.equal(Object(payloadsOf(made, 'kill.certified')[0]?.['record']).hash, digestOfBytes(filed));
  });

  it('puts its digest on the latch that it is about, and on no other', async () => {
    const mine = world();
    const step = await upToTheCertificate(mine);
    await certifyKill(step, mine.ports);
    assert.equal(stateOf(mine).latch?.certificate, digestOfBytes(fileOf(mine, 'kill-certificate.json')));

    const late = world();
    const first = await upToTheCertificate(late);
    const { latch, ...rest } = stateOf(late);
    assert.ok(latch);
    const other = { ...latch, runId: RunId.parse('kill-btc-momentum-20261124-another') };
    late.store.strategies.set(STRATEGY, { ...rest, latch: other });
    await certifyKill(first, late.ports);

    assert.deepEqual(stateOf(late).latch, other);
  });

  it('says on its page what each proof is, with the authenticator where there is one', async () => {
    const { certificate } = await certified();
    const { initiator } = certificate;
    assert.ok(initiator !== 'not known');
    const device = { ...initiator, proofs: [{ method: 'device-key', keyid: 'device:desk' }] };

    assert.match(killCertificatePage(certificate), /proof: webauthn, authenticator: /);
    assert.match(killCertificatePage({ ...certificate, initiator: device }), /proof: device-key\b(?!, auth)/);
  });

  it('reads back to the request, over as many pages as it takes, and no further', async () => {
    const made = world();
    for (let number = 0; number < 450; number += 1) await settledOnce(made, number);
    const step = await upToTheCertificate(made);
    for (let number = 0; number < 205; number += 1) await killed(made, `again-${number}`);
    const run = await made.store.get('RUN', step.runId);
    assert.ok(run);
    const { page } = made.store;
    let pages = 0;
    made.store.page = (...asked) => {
      pages += 1;
      return page.apply(made.store, asked);
    };

    const found = await entriesOfKill(run, made.ports);

    assert.equal(canonicalJson(killCertificate(run.id, found)), canonicalJson(killCertificate(run.id, logOf(made))));
    assert.equal(pages, 2);
    assert.deepEqual(await entriesOfKill({ ...run, strategyId: 'nobody' as never }, made.ports), []);
  });
});

/** One more entry that has nothing to do with the kill. */
const settledOnce = (made: World, number: number) =>
  settleAlone({ strategyId: STRATEGY, actor: trader.subject, key: `settle/${number}` }, made.ports);

describe('readKillCertificate', () => {
  it('gives it as it was filed, with the digest that the ledger names', async () => {
    const { made, step, certificate } = await certified();

    const filed = await readKillCertificate(step.runId, made.ports);

    assert.deepEqual(filed.certificate, JSON.parse(canonicalJson(certificate)));
    assert.equal(filed.record.hash, Object(payloadsOf(made, 'kill.certified')[0]?.['record']).hash);
    assert.equal(filed.page, killCertificatePage(certificate));
  });

  it('refuses a run that is unknown, is no kill, or has none yet', async () => {
    const made = world();
    const step = await killed(made);
    const run = await made.store.get('RUN', step.runId);
    assert.ok(run);
    await made.store.put({ kind: 'RUN', record: { ...run, id: 'a-stop' as never, machine: 'stop' } });

    await assert.rejects(readKillCertificate('nothing', made.ports), { name: 'UnknownRun' });
    await assert.rejects(readKillCertificate('a-stop', made.ports), { name: 'NotFound' });
    await assert.rejects(readKillCertificate(step.runId, made.ports), {
      name: 'NotFound',
      message: /no certificate yet/,
    });
  });
});
