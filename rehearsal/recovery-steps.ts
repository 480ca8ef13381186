import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { mustBe } from './eventually.ts';
import { filledIn } from './fill-in-post-mortem.ts';
import type { Step } from './scenario.ts';
import { lastKill, view } from './view.ts';
import type { World } from './world.ts';

const Certificate = z.looseObject({
  record: z.looseObject({ hash: z.string() }),
  certificate: z.looseObject({ strategy: z.string() }),
});
const Signed = z.looseObject({ approval: z.looseObject({ status: z.string() }) });

const certificate: Step = {
  name: 'the kill has its certificate',
  why: 'Who decided and who confirmed, the first halt, the venue at zero, each order, what is still held. It says what the ledger says, and "not known" to the rest.',
  look: () => 'npx tradepulse-cli kill-events',
  async act(world) {
    const { lines } = await world.cli('kill-certificate', lastKill(world), '--as', 'auditor');
    const filed = Certificate.parse(lines[0]);
    mustBe('the strategy that it is of', filed.certificate.strategy, world.strategy);
    return filed.record.hash.slice(0, 23);
  },
};

const postMortem: Step = {
  name: 'a post-mortem is drafted from the ledger, filled in, and filed',
  why: 'Timeline, certificate and exposure are there already; people add why it could happen and what is done about it. An empty section is refused with its line.',
  look: ({ strategy }) => `npx tradepulse-cli ledger ${strategy} --type post-mortem.`,
  async act(world) {
    const [run, file] = [lastKill(world), fileOf(world)];
    await world.cli('post-mortem', 'draft', run, '--file', file, '--as', 'sre');
    await world.refused(2, 'post-mortem', 'submit', run, '--file', file, '--as', 'sre');
    await writeFile(file, filledIn(await readFile(file, 'utf8'), 'no'));
    await world.cli('post-mortem', 'submit', run, '--file', file, '--as', 'sre');
    return 'refused while it is empty, then filed as version 1';
  },
};

const signOffs: Step = {
  name: 'three people sign it off: incident commander, service owner, risk',
  why: 'Each signs the digest of this very version, with an authenticator of their own. A new version would make all three void.',
  look: () => 'npx tradepulse-cli approvals --all',
  async act(world) {
    const sign = async (as: string) => {
      const { lines } = await world.cli('post-mortem', 'sign', lastKill(world), '--as', as, '--yes');
      return Signed.parse(lines[0]).approval.status;
    };
    const answers = [await sign('incident-commander'), await sign('service-owner'), await sign('risk')];
    mustBe('the question after each', answers, ['open', 'open', 'complete']);
    return 'signed off by sre, trader and risk';
  },
};

const recovery: Step = {
  name: 'two people recover it, neither of whom killed',
  why: 'The one who killed is refused. With both signatures everything is looked at twice: spool, ledger, flag, venues, engines, actions. Then freeze and latch are lifted, and nothing trades.',
  look: ({ strategy }) => `npx tradepulse-cli runs --strategy ${strategy}`,
  async act(world) {
    const { strategy, cli } = world;
    await cli('recover', '--strategy', strategy, '--accept-exposure', 'hedged elsewhere', '--as', 'trader2');
    await world.refused(12, 'approve', '--strategy', strategy, '--as', 'trader', '--yes');
    await cli('approve', '--strategy', strategy, '--as', 'trader2', '--yes');
    await cli('approve', '--strategy', strategy, '--as', 'risk', '--yes');
    const { mode, latch } = await view(world);
    mustBe('mode and latch of the strategy', [mode, latch], ['OFF', null]);
    mustBe('halted, says the engine', (await world.observe.engine()).halted, true);
    mustBe('live.enabled in AppConfig', await world.observe.flag(), false);
    return 'launching is allowed; off, engine halted, flag off';
  },
};

/** The way back from a confirmed kill to where a launch is allowed again. */
export const recoverySteps: readonly Step[] = [certificate, postMortem, signOffs, recovery];

const fileOf = ({ host, strategy }: World) => join(host.data, `post-mortem-of-${strategy}.md`);
