import { readRegistration } from '../change.ts';
import type { StrategyId } from '../ids.ts';
import { keysTrustedFor } from '../manifest/keys-trusted-for.ts';
import type { ManifestPorts } from '../manifest/read-trusted-manifest.ts';
import { Refusal } from '../refusal.ts';
import type { RunStep } from '../run-step.ts';
import { readTicket, type TicketPorts } from '../ticket/read-ticket.ts';
import { manifestKey, readManifest } from './change-manifest.ts';
import { checkChangeApproval } from './check-change-approval.ts';
import { checkTicket } from './check-ticket.ts';
import { type Finding, finding, type GateResult, gateResult } from './finding.ts';
import { LaunchRequest } from './request-launch.ts';

/** What gate 1.1 looks at: the evidence bucket, keys and tickets. */
export type ChangeApprovalPorts = ManifestPorts & TicketPorts;

/** Gate 1.1, over the request that was recorded with the run: manifest, signatures, ticket, and where the strategy is registered. */
export async function changeApprovalGate(
  { strategyId, runId }: RunStep,
  ports: ChangeApprovalPorts,
): Promise<GateResult> {
  const [document, run, registration, keys] = await Promise.all([
    ports.evidence.read(manifestKey(strategyId)),
    ports.records.get('RUN', runId),
    readRegistration(strategyId, ports),
    keysTrustedFor('manifest', ports),
  ]);
  if (!run)
    throw new Refusal(
      'NoIntent',
      `no launch was recorded as ${runId}`,
      'launch through the API or the CLI, not by hand',
    );
  const request = LaunchRequest.parse(run.request);
  const now = ports.now();
  const findings = checkChangeApproval({ strategyId, ...request }, { document, keys, now });
  const registered = finding(request.environment === registration.environment, 'ManifestForeign', {
    check: 'change.registered-environment',
    expected: registration.environment,
    actual: request.environment,
    evidence: { source: 'config/strategies.yaml', observedAt: now.toISOString() },
  });
  const ticket = document ? await ticketFindings(strategyId, document.bytes, ports) : [];
  return gateResult('change approval', [...findings, registered, ...ticket]);
}

/** The ticket that the manifest names; a manifest that cannot be read names none. */
async function ticketFindings(
  strategyId: StrategyId,
  bytes: Uint8Array,
  ports: TicketPorts & Pick<ChangeApprovalPorts, 'now'>,
): Promise<Finding[]> {
  const read = readManifest(bytes);
  if (typeof read === 'string') return [];
  const { ticket, environment, commit } = read.manifest.predicate;
  return checkTicket({ ticket, strategyId, environment, commit }, await readTicket(ticket, ports), ports.now());
}
