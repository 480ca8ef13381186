import * as z from 'zod';
import { GateResult, passes, worstVerdict } from '../launch/finding.ts';
import { allOf, lacking, type Need } from './need.ts';
import { Filed, filed, type Judge, newest } from './recorded.ts';

const JUDGED = { type: 'gates.judged', at: 'report' } as const;
const DECIDED = { type: 'go-no-go.decided', at: 'report' } as const;

const Gates = z.object({ gates: z.array(GateResult) });
const Gated = z.object({ gate: GateResult });

/** A gate says go by the worst of its verdict and its findings; one that found nothing proves nothing. */
function whyNot(name: string, gate: GateResult | undefined): string | undefined {
  if (!gate) return `it does not say what the gate "${name}" found`;
  const worst = worstVerdict([gate.verdict, ...gate.findings.map(({ verdict }) => verdict)]);
  if (gate.findings.length === 0 || !passes(worst)) return `${gate.summary} (${worst})`;
  return undefined;
}

/** Runbook 1: the gate passed in this run, and all findings of it are archived. */
export const gatePassed = (name: string): Need =>
  filed({
    ...JUDGED,
    says: ({ payload }) =>
      whyNot(
        name,
        Gates.safeParse(payload).data?.gates.find(({ gate }) => gate === name),
      ),
  });

/** The gate that stands alone in an entry passed. */
export const ownGatePassed: Judge = ({ type, payload }) => whyNot(type, Gated.safeParse(payload).data?.gate);

/**
 * Runbook 2, Go/No-Go: the decision is the archived one, the same verdict follows from its evidence when that is judged again here, and what
 * it found under these names is go.
 */
export const decidedGo = (...names: readonly string[]): Need =>
  allOf(filed(DECIDED), (known) => {
    const [entry, read] = [newest(known, DECIDED), known.facts.decision];
    const hash = Filed.safeParse(entry?.entry.payload['report']).data?.hash;
    if (!read || read.hash !== hash || read.decision.run !== known.facts.run.id)
      return lacking('the decision that was recorded cannot be read');
    if (!known.decisionFollows) return lacking('its evidence, judged again, gives another verdict');
    const findings = read.decision.gate.findings.filter(({ check }) => names.some((name) => isNamed(check, name)));
    const noes = findings.filter(({ verdict }) => !passes(verdict)).map(({ check, actual }) => `${check} is ${actual}`);
    return lacking(...(findings.length === 0 ? [`it found nothing under ${names.join(', ')}`] : noes));
  });

/** `*.` stands for the instance that a check begins with. */
const isNamed = (check: string, name: string): boolean =>
  name.startsWith('*.') ? check.endsWith(name.slice(1)) : check.startsWith(`${name}.`);
