import { decidedGo, gatePassed, ownGatePassed } from './gate-passed.ts';
import { allOf } from './need.ts';
import { filed, recorded } from './recorded.ts';
import type { Rule } from './rule.ts';
import { signedBy } from './signed-by.ts';

const AGAIN = 'mend what the gate named; the next launch is judged anew: tradepulse-cli runs gates <run>';
const CALL = 'find out how the launch could go on without it, and call the auditor';

/** Runbook 1: preconditions and environment checks. */
export const RULES_OF_PRECONDITIONS = {
  '1.1': { needs: gatePassed('change approval'), next: AGAIN },
  '1.2': { needs: gatePassed('CI health'), next: AGAIN },
  '1.3': { needs: gatePassed('market readiness'), next: AGAIN },
  '1.4': { needs: gatePassed('risk envelope'), next: AGAIN },
} as const satisfies Readonly<Record<string, Rule>>;

/** Runbook 2: the launch procedure and its criteria. */
export const RULES_OF_LAUNCH = {
  '2.1': { needs: recorded({ type: 'orchestrator.lock' }), next: CALL },
  '2.2': { needs: filed({ type: 'deployment.attested', at: 'log', says: ownGatePassed }), next: AGAIN },
  '2.3': {
    needs: allOf(
      recorded({ type: 'parameters.validated', says: ownGatePassed }),
      signedBy({ kind: 'launch-confirmation', roles: ['execution-trader', 'risk-officer'] }),
      recorded({ type: 'governance.strategy-change' }),
    ),
    next: CALL,
  },
  '2.4': { needs: smokeFiled, next: AGAIN },
  '2.5': {
    needs: allOf(
      signedBy({ kind: 'flag-flip', roles: ['execution-trader'] }),
      recorded({ type: 'launch.enabled' }),
      recorded({ type: 'launch.live' }),
    ),
    next: CALL,
  },
  'go-no-go.1': { needs: allOf(decidedGo('dashboard'), decidedGo('*.acknowledgements', '*.queue')), next: AGAIN },
  'go-no-go.2': { needs: allOf(decidedGo('*.kill-switch', '*.limitsDigest'), decidedGo('kill-path')), next: AGAIN },
  'go-no-go.3': {
    needs: allOf(recorded({ type: 'governance.strategy-change.recorded' }), decidedGo('governance')),
    next: CALL,
  },
} as const satisfies Readonly<Record<string, Rule>>;

const PASSED = 'smoke.passed';
const OVERRIDDEN = 'smoke.overridden';

/** A replay that two designated people have let pass counts, as it did for the launch. */
function smokeFiled(known: Parameters<ReturnType<typeof filed>>[0]) {
  const has = (type: string) => known.course.entries.some(({ entry }) => entry.type === type);
  return filed({ type: has(OVERRIDDEN) && !has(PASSED) ? OVERRIDDEN : PASSED, at: 'report' })(known);
}
