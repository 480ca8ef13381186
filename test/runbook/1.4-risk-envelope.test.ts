import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { LimitsChanged, LimitsView } from '../../cli/replies.ts';
import { digestOf } from '../../domain/ledger/digest.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { answer, isWithdrawn, launchedUntil, noes, startLaunch } from './launching.ts';
import { BTC, onALocalHost } from './on-a-local-host.ts';
import { ledgersAreWhole, nothingIsGivenAway } from './proof-of-the-ledgers.ts';
import { changesNothing, cliRefused, isRefusal } from './refused.ts';

const LOWER = /^( {6}BTC-USD: \{ maxNotional: )100000(, .*\n {4}leverageCap: )2$/m;
const lowered = (text: string, notional: number) => text.replace(LOWER, `$1${notional}$21.5`);

describe('runbook 1.4: guardrails reflect the approved exposure, and change by two signatures', {
  skip: !isDeep && DEEP,
}, () => {
  const here = onALocalHost();
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'limits-'));
  });
  after(() => rm(folder, { recursive: true }));
  const file = async (name: string, text: string) => {
    const path = join(folder, name);
    await writeFile(path, text);
    return path;
  };
  const stored = () => here.evidence.read(here.evidence.limitsKey);
  const diff = async (...more: string[]) => {
    const { code, lines } = await here.cli('limits', 'diff', '--strategy', BTC, ...more, '--as', 'risk');
    const { differences } = LimitsView.parse(lines[0]);
    return { code, cap: differences.find(({ path }) => path === 'leverageCap')?.values };
  };
  const apply = async (path: string) => {
    const args = ['limits', 'apply', '--strategy', BTC, '--file', path, '--reason', 'less volatile', '--as', 'risk'];
    const { code, lines, words } = await here.cli(...args);
    assert.equal(code, 0, words);
    return LimitsChanged.parse(lines[0]);
  };
  /** Proposes the file, has it signed by both, and stores it. */
  const applied = async (path: string) => {
    const { approval } = await apply(path);
    for (const as of ['trader', 'risk']) {
      const { code, words } = await here.cli('approve', String(approval), '--as', as, '--yes');
      assert.equal(code, 0, words);
    }
    assert.equal((await apply(path)).status, 'applied');
    return String(approval);
  };
  /** A launch up to its first question, which deploys; then somebody says no. */
  const deployed = async () => {
    const run = await launchedUntil(here, BTC, 'two confirmations');
    const same = await diff();
    await answer(here, await here.question(run, 'launch-confirmation'), 'risk', 'decline');
    await isWithdrawn(here, run, BTC, 'ApprovalDeclined');
    return { run, same };
  };
  const lower = async () => file('lower.yaml', lowered(await stored(), 50_000));

  it('are the same in the file, the manifest and every engine once they are deployed', async () => {
    assert.equal((await diff()).code, 1); // nothing was ever deployed there

    const { same } = await deployed();

    assert.deepEqual(same, { code: 0, cap: undefined });
  });

  it('are compared with a proposal field by field, beside what each engine enforces', async () => {
    const { code, cap } = await diff('--file', await lower());

    assert.equal(code, 1);
    assert.deepEqual(cap, { file: 1.5, approved: 2, stored: 2, 'btc-momentum-1': 2 });
  });

  it('do not change for one who signs twice, nor before both have signed', async () => {
    const before = await stored();
    const path = await file('lower-still.yaml', lowered(before, 60_000));
    const { approval, status } = await apply(path);
    const question = (await here.approvals()).find(({ id }) => id === approval);
    assert.ok(question);
    assert.equal((await answer(here, question, 'trader')).status, 200);

    isRefusal(await answer(here, question, 'trader2'), 'AlreadyDecided', 409);
    isRefusal(await answer(here, question, 'trader'), 'SamePerson', 409);
    isRefusal(await answer(here, question, 'sre'), 'WrongRole', 403);

    assert.deepEqual([status, (await apply(path)).status, await stored()], ['asked', 'asked', before]);
  });

  it('change to the very file that an execution trader and a risk officer have signed, with both in the ledger', async () => {
    const path = await lower();
    const text = lowered(await stored(), 50_000);

    const approval = await applied(path);

    assert.equal(await stored(), text);
    const story = (await here.log(BTC)).entries.map(({ entry }) => entry);
    const about = story.filter((each) => Object(each['payload'])['approval'] === approval);
    assert.deepEqual(about.map(({ type }) => type).toSorted(), [
      'approval.requested',
      'approval.signed',
      'approval.signed',
      'limits.applied',
      'limits.proposed',
    ]);
    assert.equal(about.flatMap((each) => (Array.isArray(each['proofs']) ? each['proofs'] : [])).length, 2);
    assert.deepEqual((await diff()).cap, { approved: 2, stored: 1.5, 'btc-momentum-1': 2 });
  });

  it('have a launch refused until a manifest approves them', async () => {
    const failure = await isWithdrawn(here, await startLaunch(here, BTC), BTC, 'RiskEnvelopeMismatch');

    assert.deepEqual(noes(failure), ['risk.limits-approved']);
  });

  it('are a warning where an engine still enforces the earlier ones, and the deployment replaces those', async () => {
    const view = LimitsView.parse(await here.look(`/v1/strategies/${BTC}/limits`));
    const limitsDigest = digestOf(view.columns.find(({ name }) => name === 'stored')?.limits) as never;
    const manifest = await here.evidence.signedManifest(BTC, { limitsDigest });

    const { run, same } = await here.evidence.tampered(here.evidence.manifestKey(BTC), () => manifest, deployed);

    assert.deepEqual(same, { code: 0, cap: undefined });
    const judged = (await here.log(BTC)).entries.find(
      ({ entry }) => entry['type'] === 'gates.judged' && entry['run'] === run,
    );
    const { gates } = Object(judged?.entry['payload']);
    const warned = Object(gates).flatMap(({ findings }: { findings: { verdict: string; check: string }[] }) =>
      findings.filter(({ verdict }) => verdict === 'warn').map(({ check }) => check),
    );
    assert.deepEqual(warned, ['risk.effective.btc-momentum-1']);
  });

  it('end a launch that is under way when they change, and what was signed for it carries nothing', async () => {
    const before = await stored();
    const manifest = await here.evidence.signedManifest(BTC, {
      limitsDigest: digestOf(
        LimitsView.parse(await here.look(`/v1/strategies/${BTC}/limits`)).columns.find(({ name }) => name === 'stored')
          ?.limits,
      ) as never,
    });
    await here.evidence.tampered(
      here.evidence.manifestKey(BTC),
      () => manifest,
      async () => {
        const run = await launchedUntil(here, BTC, 'two confirmations');
        const plan = await here.question(run, 'launch-confirmation');

        await applied(await file('again.yaml', before.replace('50000', '40000')));

        isRefusal(await answer(here, plan, 'trader'), 'PlanChanged', 409);
        await isWithdrawn(here, run, BTC, 'PlanChanged');
      },
    );
  });

  it('stay what they are upon a file with a mistake, by its line, and one that changes another strategy too', async () => {
    const text = await stored();
    const negative = await file('negative.yaml', text.replace('leverageCap: 1.5', 'leverageCap: -1.5'));
    const both = await file(
      'both.yaml',
      text.replace('leverageCap: 1.5', 'leverageCap: 1').replace('leverageCap: 10', 'leverageCap: 9'),
    );
    const args = (path: string) => [
      'limits',
      'apply',
      '--strategy',
      BTC,
      '--file',
      path,
      '--reason',
      'x',
      '--as',
      'risk',
    ];

    await changesNothing(here, BTC, async () => {
      const wrong = await here.cli(...args(negative));
      cliRefused(wrong, 'InvalidLimits', 2);
      assert.match(wrong.words, /negative\.yaml:8:5: strategies\.btc-momentum\.leverageCap: Too small/);
      const others = await here.cli(...args(both));
      cliRefused(others, 'InvalidRequest', 2);
      assert.match(others.words, /would change the limits of eurusd-carry too/);
    });

    assert.equal(await stored(), text);
  });

  it('cannot be confirmed while an engine does not answer, which is named', { skip: !isDeep && DEEP }, async () => {
    await here.fault('freeze', true, 'btc-momentum-1');
    try {
      const failure = await isWithdrawn(here, await startLaunch(here, BTC), BTC, 'RiskEnvelopeMismatch');

      assert.ok(noes(failure).includes('risk.effective.btc-momentum-1'), JSON.stringify(failure));
    } finally {
      await here.fault('freeze', false, 'btc-momentum-1');
    }
  });

  it('leave whole ledgers, and give nothing away', async () => {
    await ledgersAreWhole(here);
    await nothingIsGivenAway(here);
  });
});
