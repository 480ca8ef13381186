import { announce } from '../communications/announce.ts';
import type { Run } from '../control-record.ts';
import type { Ports } from '../ports/ports.ts';
import { readRun, writeRunEvidence } from '../run-evidence.ts';
import type { RunStep, StepResult } from '../run-step.ts';
import { flushAndAsk } from '../settle/flush-and-ask.ts';
import { readSettlement, SETTLEMENT_FILE } from '../settle/read-settlement.ts';
import { settleBooks } from '../settle/settle-books.ts';
import { settleLog } from '../settle/settle-log.ts';
import { type Settlement, settlementSummary } from '../settle/settlement.ts';
import { settlementEntry } from '../settle/settlement-entry.ts';
import { readStopping, stopStep } from './stop-step.ts';

/**
 * Runbook 4.4: every instance flushes its residual state, and what it holds then is compared with every venue's own account. Archived as
 * `settle.json` and `settle.log`. Differences, and whoever says nothing, are recorded and announced, and keep nothing from being stopped.
 * A step that is tried again stands by what it archived first.
 */
export async function settleStrategy(command: RunStep, ports: Ports): Promise<StepResult> {
  const run = await readRun(command, ports);
  const settlement = (await readSettlement(run, ports))?.settlement ?? (await settled(command, run, ports));
  const report = await writeRunEvidence(run, SETTLEMENT_FILE, settlement, ports);
  const log = await writeRunEvidence(run, 'settle.log', settleLog(settlement), ports);
  const isWhole = settlement.verdict === 'agrees';
  const about = { strategyId: command.strategyId, runId: run.id, reason: settlementSummary(settlement) };
  return stopStep(
    command,
    'SettleStrategy',
    (state) => ({
      state,
      entries: [settlementEntry(settlement, { actor: run.requestedBy, run: run.id }, { log, report })],
      records: isWhole ? [] : announce('settle-differences', about, ports.now()),
      reply: { summary: settlementSummary(settlement), verdict: isWhole ? 'done' : 'warn' },
    }),
    ports,
  );
}

async function settled(command: RunStep, run: Run, ports: Ports): Promise<Settlement> {
  const { id: strategy, epoch } = await readStopping(command, ports);
  const accounts = await flushAndAsk({ strategyId: strategy, epoch, commandId: `${run.id}/settle` }, ports);
  return settleBooks(accounts, { strategy, run: run.id, at: ports.now().toISOString() });
}
