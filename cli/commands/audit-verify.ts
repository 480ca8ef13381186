import type { Verdict } from '../../domain/ledger/verify/finding.ts';
import { worstOf } from '../../domain/ledger/verify/finding.ts';
import type { Trust } from '../../domain/ledger/verify/held-evidence.ts';
import { emptyReport, type Report } from '../../domain/ledger/verify/report.ts';
import { reportText } from '../audit/report-text.ts';
import { type TrustOptions, trustFrom } from '../audit/trust-files.ts';
import { verifyPath } from '../audit/verify-path.ts';
import type { Context } from '../context.ts';
import { ExitWith } from '../exit-with.ts';

/** This command's own exit codes: a verdict is no error. */
const EXITS: Record<Verdict, number> = { sound: 0, tampered: 1, incomplete: 2, unreadable: 3 };

/** Verifies a bundle, or a copy of the evidence bucket's `ledger/`, from its bytes alone: no network, no login, no data folder. */
export async function auditVerify({ out }: Context, path: string, options: TrustOptions): Promise<void> {
  const trust = await trustFrom(options);
  const found = await verifyPath(path, (log) => ofLog(trust, log));
  const reports = [...found, ...missingLogs(trust, found)];
  for (const report of reports) out.result(report, reportText(out.paint, report));
  const exitCode = EXITS[worstOf(reports.map(({ verdict }) => verdict))];
  if (exitCode !== 0) throw new ExitWith(exitCode);
}

const logOf = (origin: string) => origin.slice(origin.lastIndexOf('/') + 1);

const ofLog = ({ keys, checkpoints, receipts }: Trust, log: string): Trust => ({
  keys,
  checkpoints: checkpoints.filter(({ origin }) => logOf(origin) === log),
  receipts: receipts.filter((receipt) => receipt.log === log),
});

/** Logs of which a checkpoint or a receipt was kept, and which are not there. */
function missingLogs({ checkpoints, receipts }: Trust, reports: readonly Report[]): Report[] {
  if (reports.some(({ log }) => log === '')) return []; // it could not even be read which log it is
  const kept = new Set([...checkpoints.map(({ origin }) => logOf(origin)), ...receipts.map(({ log }) => String(log))]);
  return [...kept]
    .filter((log) => !reports.some((report) => report.log === log))
    .map((log) =>
      emptyReport(log, {
        kind: 'log-missing',
        where: {},
        what: `a checkpoint or receipt of ${log} was given, but its log is not there`,
      }),
    );
}
