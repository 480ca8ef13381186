import type { GoNoGoDecision } from '../../domain/launch/go-no-go-decision.ts';
import { replayGoNoGo } from '../../domain/launch/replay-go-no-go.ts';
import type { Context } from '../context.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { ExitWith } from '../exit-with.ts';

/** Computes a verdict again from its own evidence, here and with nothing else, and says whether it is the archived one. Ends with 5 when it is not. */
export function replayDecision({ out }: Context, decision: GoNoGoDecision): void {
  const { same, archived, recomputed, gate, differs } = replayGoNoGo(decision);
  const { run, at } = decision.evidence;
  const object = { run, at, same, archived, recomputed, findings: gate.findings.length, differs };
  const facts = `${run}: ${archived} on ${gate.findings.length} findings at ${at}`;
  if (same) {
    out.result(object, `✓ same: ${facts}, and its evidence says the same now`);
    return;
  }
  const names = differs.map((check) => `    ✖ ${check}`).join('\n');
  out.result(object, `✖ different: ${facts}; its evidence says ${recomputed} now\n${names}`);
  throw new ExitWith(EXIT_CODES.parity[0]);
}
