import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { askForTwoConfirmations } from '../../../domain/launch/ask-for-two-confirmations.ts';
import { decideGoNoGo } from '../../../domain/launch/decide-go-no-go.ts';
import { GoNoGoDecision } from '../../../domain/launch/go-no-go-decision.ts';
import { publishStrategyChange } from '../../../domain/launch/publish-strategy-change.ts';
import { decisionIn } from '../../../domain/launch/read-decision.ts';
import { replayGoNoGo } from '../../../domain/launch/replay-go-no-go.ts';
import { GO_NO_GO, KILL_PATH } from '../../../domain/launch/run-files.ts';
import { digestOfBytes } from '../../../domain/ledger/digest.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { runKey } from '../../../domain/run-key.ts';
import { heard, type Launching, sign, untilGoNoGo } from '../../fakes/launch-steps.ts';
import { launching, RUN, risk, STRATEGY, trader } from '../../fakes/world.ts';

describe('decideGoNoGo', () => {
  let made: Launching;
  beforeEach(async () => {
    made = await launching();
  });
  const keyOf = async (file: string) => {
    const run = await made.store.get('RUN', RUN);
    return runKey(run ?? assert.fail(), file);
  };
  const archived = async (): Promise<GoNoGoDecision> => {
    const file = made.evidence.files.get(await keyOf(GO_NO_GO));
    return decisionIn(file ?? new Uint8Array()) ?? assert.fail('there is no decision');
  };

  it('archives the whole evidence with its verdict, and anybody can compute that again', async () => {
    await untilGoNoGo(made);

    const { verdict, goNoGoDigest } = await decideGoNoGo(made.step, made.ports);

    assert.equal(verdict, 'warn');
    assert.equal(goNoGoDigest, digestOfBytes(made.evidence.files.get(await keyOf(GO_NO_GO)) ?? ''));
    const decision = await archived();
    assert.equal(decision.evidence.run, RUN);
    assert.deepEqual(replayGoNoGo(decision), {
      ...{ same: true, archived: 'warn', recomputed: 'warn', gate: decision.gate, differs: [] },
    });
    assert.ok(made.store.storyOf(STRATEGY).includes('go-no-go.decided'));
  });

  it('says no with all findings, records that, and says no again when it is repeated, whatever is so by then', async () => {
    await untilGoNoGo(made);
    made.engines.status = { acknowledgements: { healthy: false, p95Ms: null }, queueBacklog: 3 };
    await assert.rejects(decideGoNoGo(made.step, made.ports), (error: Refusal) => {
      const [first, ...more] = error.facts['findings'] as { check: string; verdict: string }[];
      assert.equal(error.message, 'go/no-go: btc-momentum-1.acknowledgements is not healthy, expected healthy');
      assert.equal(first?.check, 'btc-momentum-1.acknowledgements');
      assert.ok(more.length > 0 && more.every(({ verdict }) => verdict !== 'go'));
      return error.name === 'NoGo';
    });
    assert.equal((await archived()).verdict, 'no-go');

    made.engines.status = {};

    await assert.rejects(decideGoNoGo(made.step, made.ports), { name: 'NoGo' });
    assert.equal(made.store.storyOf(STRATEGY).filter((type) => type === 'go-no-go.decided').length, 1);
  });

  it('waits for a change event that is on its way, without a verdict, and says no when it does not come', async () => {
    made.bus.delivers = false;
    await untilGoNoGo(made);
    await assert.rejects(decideGoNoGo(made.step, made.ports), { name: 'ChangeNotRecorded' });
    await assert.rejects(archived(), /there is no decision/);

    made.pass(60_000);
    await heard(made);

    await assert.rejects(decideGoNoGo(made.step, made.ports), {
      name: 'ChangeNotRecorded',
      message: /no recorded event/,
    });
    assert.equal((await archived()).verdict, 'no-go');
  });

  it('says no at once where nothing was published, and where nobody was asked', async () => {
    await assert.rejects(decideGoNoGo(made.step, made.ports), { name: 'UnknownApproval' });
    const other = await launching();
    await untilGoNoGo(other, 'confirmed');

    await assert.rejects(decideGoNoGo(other.step, other.ports), {
      name: 'ChangeNotRecorded',
      message: /no recorded event/,
    });
  });

  it('believes no file of the run that is not the one that was recorded', async () => {
    await untilGoNoGo(made);
    const key = await keyOf(KILL_PATH);
    made.evidence.files.set(key, Buffer.from(`${Buffer.from(made.evidence.files.get(key) ?? '').toString()} `));

    await assert.rejects(decideGoNoGo(made.step, made.ports), { name: 'NoGo', message: /kill-path.recorded/ });
  });

  for (const text of ['no json', '{}', '{"v":1,"run":"another"}']) {
    it(`takes ${text} for no kill-path report, and for no decision`, async () => {
      await untilGoNoGo(made);
      made.evidence.files.set(await keyOf(KILL_PATH), Buffer.from(text));
      await assert.rejects(decideGoNoGo(made.step, made.ports), { name: 'KillPathNotProved' });

      made.evidence.files.set(await keyOf(GO_NO_GO), Buffer.from(text));

      await assert.rejects(decideGoNoGo(made.step, made.ports), { name: 'NoGo', message: /is no decision of/ });
    });
  }

  it('hides no fault behind a no', async () => {
    await untilGoNoGo(made);
    made.engines.riskStatus = () => Promise.reject(new Error('broken'));
    await assert.rejects(decideGoNoGo(made.step, made.ports), { message: 'broken' });
    made.evidence.read = () => Promise.reject(new Error('no bucket'));

    await assert.rejects(decideGoNoGo(made.step, made.ports), { message: 'no bucket' });
  });

  it('says no without a deployed dashboard, and where freezes could not be read', async () => {
    await untilGoNoGo(made);
    made.store.records.delete('DASHBOARD#live');
    made.store.all = () => Promise.reject(new Refusal('StoreUnavailable', 'it is away', 'wait'));

    await assert.rejects(decideGoNoGo(made.step, made.ports), { name: 'NoGo' });

    const noes = (await archived()).gate.findings
      .filter(({ verdict }) => verdict === 'no-go')
      .map(({ check }) => check);
    assert.deepEqual(noes, ['dashboard', 'freezes']);
  });

  it('says which engine did not answer, and what the manifest no longer approves', async () => {
    await untilGoNoGo(made);
    made.engines.unreachable.add('btc-momentum-2');
    made.evidence.files.delete('reports/change_manifest/btc-momentum.dsse.json');
    await assert.rejects(decideGoNoGo(made.step, made.ports), { name: /PlanChanged|Manifest/ });

    const { gate } = await archived();

    const actual = (check: string) => gate.findings.find((finding) => finding.check === check)?.actual;
    assert.equal(actual('btc-momentum-2.status'), 'btc-momentum-2 did not answer');
  });

  it('replays a decision that was edited as different, and says where', async () => {
    await untilGoNoGo(made);
    await decideGoNoGo(made.step, made.ports);
    const decision = await archived();
    const [status] = decision.evidence.statuses;
    const edited = GoNoGoDecision.parse({ ...decision, evidence: { ...decision.evidence, statuses: [status] } });

    const { same, recomputed, differs } = replayGoNoGo(edited);

    assert.deepEqual([same, recomputed], [false, 'no-go']);
    assert.ok(differs.includes('btc-momentum-2.status'));
    assert.equal(replayGoNoGo({ ...decision, verdict: 'go' }).same, false);
    const fewer = { ...decision, gate: { ...decision.gate, findings: decision.gate.findings.slice(1) } };
    assert.deepEqual(replayGoNoGo(fewer).differs, ['confirmation']);
  });
});

describe('publishStrategyChange', () => {
  it('sends the same bytes when it is repeated, and tells who confirmed what, signed', async () => {
    const made = await launching();
    await untilGoNoGo(made, 'published');
    made.store.records.delete(`COMMAND#${RUN}/PublishStrategyChange`);

    await publishStrategyChange(made.step, made.ports);

    const [first, again] = made.events;
    assert.deepEqual(again, first);
    assert.equal(first?.detailType, 'governance.strategy_changes');
    const { change } = payloadOf(made, 'governance.strategy-change.recorded');
    const { digest, document } = (await made.store.get('APPROVAL', `${RUN}-launch-confirmation`)) ?? assert.fail();
    assert.deepEqual(
      [change.documentDigest, change.planDigest, change.signers.map(({ role }: { role: string }) => role)],
      [digest, document['planDigest'] ?? digest, ['execution-trader', 'risk-officer']],
    );
  });

  it('publishes nothing that is not confirmed by both', async () => {
    const made = await launching();
    await askForTwoConfirmations({ ...made.step, taskToken: 'token-1' }, made.ports);
    await sign(made, 'launch-confirmation', trader);
    await assert.rejects(publishStrategyChange(made.step, made.ports), { name: 'ApprovalClosed' });

    await sign(made, 'launch-confirmation', risk);
    made.ports.governance.sign = () => Promise.reject(new Error('KMS is down'));

    await assert.rejects(publishStrategyChange(made.step, made.ports), { message: 'KMS is down' });
    assert.deepEqual(made.events, []);
  });
});

const payloadOf = (made: Launching, type: string) => {
  const entry = made.store.logs.get(STRATEGY)?.find(({ text }) => text.includes(`"${type}"`));
  return (JSON.parse(entry?.text ?? '{}') as { payload: Record<string, never> & { change: never } })
    .payload as never as {
    change: { documentDigest: string; planDigest: string; signers: { role: string }[] };
  };
};
