import { digestOf } from '../../domain/ledger/digest.ts';
import type { ApiClient } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { gateLines, planText, surroundingsText } from '../output/plan-text.ts';
import { ShownPlan } from '../replies.ts';
import { strategyPath } from '../strategy-path.ts';

/** What is to be launched, as it is asked for. */
export type Asked = {
  readonly env: string;
  readonly strategy: string;
  readonly artifact?: string;
  readonly ticket?: string;
};

/** The body of a launch, or of the question what it would do. */
export const launchBody = ({ env: environment, artifact, ticket }: Asked) => ({
  environment,
  ...(artifact && { artifact }),
  ...(ticket && { ticket }),
});

/** Plan before act: asks what the launch would do, checks the digest here, and shows it with what every gate says to it now. */
export async function showPlan({ out, surroundings }: Context, api: ApiClient, asked: Asked): Promise<ShownPlan> {
  const shown = await api.post(strategyPath(asked.strategy, 'plans'), ShownPlan, {
    body: launchBody(asked),
    idempotencyKey: surroundings.newKey(),
  });
  requireTrueDigest(shown);
  out.result(shown, planPage(out.paint, shown));
  return shown;
}

function planPage(paint: Context['out']['paint'], shown: ShownPlan): string {
  const { plan, planDigest, refused, gates, verdict } = shown;
  const page = plan
    ? [`plan ${planDigest}`, planText(paint, plan), surroundingsText(paint, shown)]
    : [`no plan: ${refused?.message ?? 'nothing can be launched now'}`];
  return [...page, `gates now: ${verdict}`, ...gateLines(paint, gates)].join('\n');
}

function requireTrueDigest({ plan, planDigest }: ShownPlan): void {
  const actual = plan && digestOf(plan);
  if (actual === planDigest) return;
  throw new CliError(
    'conflict',
    `the digest of the plan shown is ${actual}, but the control plane says ${planDigest}`,
    'launch nothing, and call the auditor: this is a fault or tampering',
    { code: 'DigestMismatch', facts: { expected: planDigest, actual } },
  );
}
