import type { Context } from '../context.ts';
import { utc } from '../output/marks.ts';
import { table } from '../output/table.ts';
import type { Approval } from '../replies.ts';

const KINDS: Record<string, string> = {
  'launch-confirmation': 'two people confirm the launch',
  'flag-flip': 'the trader enables live trading',
  'kill-confirmation': 'whoever killed signs it, and another person confirms the kill',
  'post-mortem': 'three people sign off the post-mortem',
  recovery: 'two people recover it',
  limits: 'two people sign new risk limits',
  unfreeze: 'a risk officer and an SRE lift a freeze',
  override: 'a risk officer verifies an override, another designated person authorises it',
  resume: 'two people resume it',
  lift: 'two people let it trade at its approved rate again',
  attestation: 'a person signs what they attest',
  'drain-sign-off': 'a risk officer signs which orders stay after the stop; unsigned, they are cancelled',
};

/** The roles that have not signed yet. */
export const missingRoles = ({ requiredRoles, signatures }: Approval): string[] =>
  requiredRoles.filter(
    (role) => !signatures.some((signature) => signature.role === role && signature.decision === 'approve'),
  );

/** The demo user who holds a role, for commands that can be copied. On AWS people put their own login there. */
const DEMO_USERS: Record<string, string> = {
  'execution-trader': 'trader',
  'risk-officer': 'risk',
  quant: 'quant',
  sre: 'sre',
  auditor: 'auditor',
};

/** As what the holder of a role signs a post-mortem off (runbook 5.1.4), and the demo user who does. */
const SIGN_OFFS: Record<string, { readonly as: string; readonly demoUser: string }> = {
  sre: { as: 'incident commander', demoUser: 'incident-commander' },
  'execution-trader': { as: 'service owner', demoUser: 'service-owner' },
  quant: { as: 'service owner', demoUser: 'quant' },
  'risk-officer': { as: 'risk', demoUser: 'risk' },
};

/** Who still has to sign, in words: of a post-mortem also as what. */
export const missingPeople = (approval: Approval): string[] =>
  missingRoles(approval).map((role) => {
    const signOff = approval.kind === 'post-mortem' ? SIGN_OFFS[role] : undefined;
    return signOff ? `${signOff.as} (${role})` : role;
  });

/** The commands that give what an approval still needs, ready to be copied. */
export function signingCommands({ command }: Context, approval: Approval): string[] {
  const { id, kind, runId, strategyId } = approval;
  if (kind === 'flag-flip') return [command(`flag enable --strategy ${strategyId} --as trader`)];
  return missingRoles(approval).map((role) =>
    kind === 'post-mortem'
      ? command(`post-mortem sign ${runId} --as ${SIGN_OFFS[role]?.demoUser ?? role}`)
      : command(`approve ${id} --as ${DEMO_USERS[role] ?? role}`),
  );
}

/** Says who has to do what now, until when, and how. */
export function announceApprovals(context: Context, approvals: readonly Approval[]): void {
  const { out } = context;
  for (const approval of approvals) {
    out.note(
      `\n${kindOf(approval)}, until ${utc(approval.expiresAt)}; still needed: ${missingPeople(approval).join(' and ')}`,
    );
    out.note(`  digest ${approval.digest}`);
    for (const command of signingCommands(context, approval)) out.note(`  ${command}`);
    if (approval.kind === 'recovery')
      out.note('  whoever killed does not sign; on one machine trader2 and risk2 hold the same roles');
  }
}

export const kindOf = ({ kind }: Pick<Approval, 'kind'>): string => KINDS[kind] ?? kind;

/** The list of approvals, oldest first. */
export const approvalTable = ({ out }: Context, approvals: readonly Approval[]): string =>
  table(
    out.paint,
    ['approval', 'strategy', 'what', 'status', 'missing', 'expires'],
    approvals.map((each) => [
      each.id,
      each.strategyId,
      kindOf(each),
      each.status,
      missingRoles(each).join(', ') || '-',
      utc(each.expiresAt),
    ]),
    'nothing waits for a signature',
  );
