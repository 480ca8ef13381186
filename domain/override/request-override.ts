import * as z from 'zod';
import { Role } from '../approval/approval.ts';
import type { Caller } from '../approval/caller.ts';
import { approvalId, openApproval } from '../approval/open-approval.ts';
import { type Changed, change, readRegistration } from '../change.ts';
import type { Run } from '../control-record.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { Decision } from '../decision.ts';
import { type ActorId, type ApprovalId, RunId, type StrategyId } from '../ids.ts';
import { Finding } from '../launch/finding.ts';
import { nonceOf } from '../launch/launch-plan.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Registration } from '../registration.ts';
import type { Strategy } from '../strategy.ts';
import { Overridden, type Override } from './override.ts';
import { overrideTerms } from './override-terms.ts';

const DAY_MS = 86_400_000;
const SIGNED_WITHIN_MS = 30 * 60_000;

/** `run`: the launch that met the no-goes; `checks`: which of them are to pass; `authoriser`: the role that authorises, where the policy names several. */
export const OverrideRequest = z.strictObject({
  run: RunId,
  checks: z.array(z.string().min(1).max(200)).min(1).max(20),
  reason: z.string().trim().min(1).max(500),
  expiresInMinutes: z.int().min(1).max(1440),
  authoriser: Role.optional(),
});
export type OverrideRequest = z.infer<typeof OverrideRequest>;

export type RequestOverride = {
  readonly caller: Caller;
  readonly strategyId: StrategyId;
  readonly key: string;
  readonly request: OverrideRequest;
};
export type OverrideRequested = {
  readonly override: Override;
  readonly approval: ApprovalId;
  readonly summary: string;
};

type RequestPorts = Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter'>;

/**
 * Asks a risk officer and another designated person to let soft no-goes of a launch pass (product decision 13): neither of them a signer
 * of that launch. It lets nothing pass before both have signed. Refuses a run that is no failed launch of the last day (UnknownRun,
 * NotOverridable), a finding that is hard or was none (NotOverridable), and a role that the policy does not designate (WrongRole).
 */
export async function requestOverride(
  { caller, strategyId, key, request }: RequestOverride,
  ports: RequestPorts,
): Promise<Changed<OverrideRequested>> {
  const [registration, run] = await Promise.all([
    readRegistration(strategyId, ports),
    ports.records.get('RUN', request.run),
  ]);
  const now = ports.now();
  const findings = findingsOf(run, strategyId, request, now);
  if (findings instanceof Refusal) throw findings;
  const authoriser = designated(registration, request);
  if (authoriser instanceof Refusal) throw authoriser;
  const excluded = await signersOfRun(request.run, ports);
  return change(
    strategyId,
    { key, body: request },
    (state) =>
      asked(state, {
        caller,
        request,
        environment: registration.environment,
        findings,
        authoriser,
        excluded,
        key,
        now,
      }),
    ports,
  );
}

/** The soft no-goes that are named, as the launch met them. */
function findingsOf(
  run: Run | undefined,
  strategyId: StrategyId,
  { run: id, checks }: OverrideRequest,
  now: Date,
): Overridden[] | Refusal {
  if (run?.strategyId !== strategyId)
    return new Refusal(
      'UnknownRun',
      `there is no run ${id} of ${strategyId}`,
      `tradepulse-cli runs --strategy ${strategyId}`,
    );
  if (now.getTime() - Date.parse(run.startedAt) > DAY_MS)
    return new Refusal(
      'NotOverridable',
      `${id} is of ${run.startedAt}: what it met may have changed`,
      'launch again first',
    );
  const noes = z
    .array(Finding)
    .catch([])
    .parse(run.failure?.findings ?? [])
    .filter(({ verdict }) => verdict === 'no-go');
  const named = noes.filter(({ check }) => checks.includes(check));
  const missing = checks.filter((check) => !named.some((each) => each.check === check));
  if (missing.length > 0)
    return new Refusal('NotOverridable', `${id} has no no-go ${missing.join(', ')}`, 'name checks that said no', {
      noes: noes.map(({ check, hard }) => ({ check, hard })),
    });
  const hard = named.filter((each) => each.hard).map(({ check }) => check);
  if (hard.length > 0)
    return new Refusal(
      'NotOverridable',
      `nobody overrides ${hard.join(', ')}: a hard no-go stays one`,
      'mend what it names, then launch again',
      {
        hard,
      },
    );
  return named.map((each) => Overridden.parse(each));
}

function designated({ policy }: Registration, { authoriser }: OverrideRequest): Role | Refusal {
  const { overrideAuthorisers: roles } = policy;
  const role = authoriser ?? roles[0];
  if (role !== undefined && roles.some((each) => each === role)) return role;
  return new Refusal('WrongRole', `an override is authorised by ${roles.join(' or ')}`, 'name one of them', {
    allowed: roles,
  });
}

/** Whoever put their name to that launch judges it no second time. */
async function signersOfRun(runId: RunId, { records }: RequestPorts): Promise<ActorId[]> {
  const kinds = ['launch-confirmation', 'flag-flip'] as const;
  const approvals = await Promise.all(kinds.map((kind) => records.get('APPROVAL', approvalId({ runId }, kind))));
  const signatures = approvals.flatMap((approval) => approval?.signatures ?? []);
  return [...new Set(signatures.filter(({ decision }) => decision === 'approve').map(({ actor }) => actor))];
}

type Asking = {
  readonly caller: Caller;
  readonly request: OverrideRequest;
  readonly environment: string;
  readonly findings: Overridden[];
  readonly authoriser: Role;
  readonly excluded: ActorId[];
  readonly key: string;
  readonly now: Date;
};

function asked(state: Strategy, asking: Asking): Decision<OverrideRequested> {
  const { caller, excluded, authoriser, now } = asking;
  const override = overrideOf(state, asking);
  const step = { strategyId: state.id, runId: override.id, epoch: state.epoch };
  const { entries, records = [] } = openApproval(
    state,
    step,
    {
      kind: 'override',
      document: {
        ...{ action: 'override soft no-goes', strategy: state.id, environment: override.environment },
        ...{ override: overrideTerms(override), epoch: state.epoch, nonce: nonceOf(step, 'override') },
        expiresAt: new Date(now.getTime() + SIGNED_WITHIN_MS).toISOString(),
      },
      requiredRoles: ['risk-officer', authoriser],
      excluded,
    },
    now,
  );
  const { findings, reason, expiresAt, runId, id } = override;
  return {
    state,
    entries: [
      {
        type: 'override.requested',
        actor: caller.subject,
        run: runId,
        payload: { override: id, findings, reason, expiresAt, authoriser },
      },
      ...entries,
    ],
    records: [{ kind: 'OVERRIDE', record: override }, ...records],
    reply: {
      ...{ override, approval: override.approval },
      summary: `a risk officer and ${authoriser} sign whether ${findings.map(({ check }) => check).join(', ')} may pass until ${expiresAt}`,
    },
  };
}

function overrideOf(
  state: Strategy,
  { caller, request, environment, findings, authoriser, key, now }: Asking,
): Override {
  const date = now.toISOString().slice(0, 10).replaceAll('-', '');
  const id = RunId.parse(`override-${state.id}-${date}-${sha256(key).toString('hex').slice(0, 12)}`);
  return {
    ...{ id, strategyId: state.id, environment, runId: request.run, findings, reason: request.reason, authoriser },
    ...{ requestedBy: caller.subject, epoch: state.epoch, at: now.toISOString() },
    expiresAt: new Date(now.getTime() + request.expiresInMinutes * 60_000).toISOString(),
    approval: approvalId({ runId: id }, 'override'),
  };
}
