import * as z from 'zod';
import { AlertsQuery, ListedAlert } from '../domain/alert/list-alerts.ts';
import { ArchiveFilePage, ArchiveFileQuery } from '../domain/archive/archive-file-page.ts';
import { ArchiveView } from '../domain/archive/archive-view.ts';
import { ArchiveQuery } from '../domain/archive/list-archives.ts';
import { ItemStatementRequest, RunbookStatementRequest } from '../domain/attestation/attest-request.ts';
import { Checklist } from '../domain/checklist/checklist.ts';
import { ChannelTestRequest } from '../domain/communications/channel-test-request.ts';
import { Delivery } from '../domain/communications/delivery.ts';
import { Run } from '../domain/control-record.ts';
import { DataIncidentQuery } from '../domain/data-incident/list-data-incidents.ts';
import { NoteRequest } from '../domain/data-incident/note-data-incident.ts';
import { DriftDecision } from '../domain/drift/drift-decision.ts';
import { DriftQuery } from '../domain/drift/list-drift-reviews.ts';
import { DrillRequest } from '../domain/drill/drill-request.ts';
import { LeaseReply } from '../domain/engine/lease-reply.ts';
import { LeaseRequest } from '../domain/engine/lease-request.ts';
import { LiftRequest } from '../domain/freeze/lift-freeze.ts';
import { FreezeRequest } from '../domain/freeze/set-freeze.ts';
import { IncidentUpdate } from '../domain/kill/incident-update.ts';
import { RestrictionLiftRequest } from '../domain/ladder/restriction-lift-request.ts';
import { RestrictionRequest } from '../domain/ladder/restriction-request.ts';
import { DsseEnvelope } from '../domain/launch/dsse.ts';
import { GatesOfRun } from '../domain/launch/read-gates.ts';
import { LaunchRequest } from '../domain/launch/request-launch.ts';
import { LimitsRequest } from '../domain/limits/limits-request.ts';
import { HaltRequest } from '../domain/market/halt-venue.ts';
import { MonitorsQuery } from '../domain/monitor/monitors-query.ts';
import { OverrideRequest } from '../domain/override/request-override.ts';
import { ShownPlan } from '../domain/plan/shown-plan.ts';
import { CancellationRequest } from '../domain/planned-halt/cancellation-request.ts';
import { ScheduleRequest } from '../domain/planned-halt/schedule-request.ts';
import { ActionEvidence } from '../domain/post-mortem/complete-action.ts';
import { PostMortemRequest } from '../domain/post-mortem/post-mortem-request.ts';
import { RecoveryRequest } from '../domain/recover/request-recovery.ts';
import { ScopeRecoveryRequest } from '../domain/recover/scope-recovery-request.ts';
import { REFUSAL_CODES } from '../domain/refusal.ts';
import { ResumeRequest } from '../domain/resume/request-resume.ts';
import { AnnotateRequest } from '../domain/review/annotate-request.ts';
import { CloseRequest } from '../domain/review/close-review.ts';
import { DeviceProposal } from '../domain/signature/device-enrolment.ts';
import { SmokeDocument } from '../domain/smoke/smoke-document.ts';
import { TicketReason } from '../domain/ticket/decide-ticket.ts';
import { TicketRequest } from '../domain/ticket/open-ticket.ts';
import { Ticket } from '../domain/ticket/ticket.ts';
import { ValidationRequest } from '../domain/validate/request-validation.ts';
import { ClosureRequest } from '../domain/venue-incident/closure-request.ts';
import { VenueIncidentQuery } from '../domain/venue-incident/venue-incident-query.ts';
import { VenueIncidentRequest } from '../domain/venue-incident/venue-incident-request.ts';
import { LedgerQuery } from './ledger-query.ts';
import {
  CredentialApproval,
  CredentialRequest,
  LaunchBody,
  PageCredentialRequest,
  SeveralOptionsRequest,
  SeveralSignaturesRequest,
  SignatureRequest,
} from './schemas.ts';
import { DeliveriesQuery } from './views/deliveries-view.ts';

export type ApiRoute = {
  method: 'get' | 'post';
  path: string;
  summary: string;
  scope: string;
  body?: z.ZodType;
  /** What may stand behind the question mark. */
  query?: z.ZodObject;
  reply: 200 | 202;
  /** What the reply holds, where one schema says it. */
  holds?: z.ZodType;
  idempotent?: boolean;
};

const READ = 'control-plane/read';
const OPERATE = 'control-plane/operate';
const SIGNED = 'the signature of an approved device';
const PAGE = 'the secret of a signing session, in the header signing-secret';
const SafetyBody = z.object({ reason: z.string().optional(), ticket: z.string().optional() });
const ScopeBody = z.object({
  scope: z.string().describe('all, desk:<desk>, or venue:<id>'),
  reason: z.string().optional(),
});

const OfrepBody = z.object({ context: z.object({ targetingKey: z.string().describe('the id of a strategy') }) });

const DeviceKill = ScopeBody.partial().extend({ strategy: z.string().optional() });

/** Every route, with the very schemas that judge its body. */
export const ROUTES: readonly ApiRoute[] = [
  {
    method: 'post',
    path: '/v1/strategies/{id}/plans',
    summary: 'What a launch would do, whole, with its digest and what every gate says to it now; changes nothing',
    scope: READ,
    body: LaunchRequest,
    reply: 200,
    holds: ShownPlan,
  },
  {
    method: 'post',
    path: '/v1/strategies/{id}/launches',
    summary: 'Launch a strategy (runbook 2); refused when `expectedPlan` is given and is not the plan any more',
    scope: OPERATE,
    body: LaunchBody,
    reply: 202,
    idempotent: true,
  },
  {
    method: 'post',
    path: '/v1/strategies/{id}/resumptions',
    summary: 'Resume what lost its lease: reconciliation and go/no-go again, and two signatures (product decision 9)',
    scope: OPERATE,
    body: ResumeRequest,
    reply: 202,
    idempotent: true,
  },
  {
    method: 'post',
    path: '/v1/strategies/{id}/validations',
    summary: 'Replay recorded minutes in dry-run, and judge them (runbook 2.4): changes nothing',
    scope: OPERATE,
    body: ValidationRequest,
    reply: 202,
    idempotent: true,
  },
  {
    method: 'get',
    path: '/v1/runs/{id}/gates',
    summary: 'Every gate of a run with its findings, and its go/no-go decision with the whole evidence',
    scope: READ,
    reply: 200,
    holds: GatesOfRun,
  },
  {
    method: 'get',
    path: '/v1/runs/{id}/checklist',
    summary:
      'Every item of the runbook for this run, computed from its evidence; ?format=markdown is the same as a page',
    scope: READ,
    query: z.object({ format: z.enum(['json', 'markdown']).optional() }),
    reply: 200,
    holds: Checklist,
  },
  {
    method: 'get',
    path: '/v1/attestations',
    summary: 'Whether the runbook is attested, and the newest signed statements of people; ?run= those of one run',
    scope: READ,
    query: z.object({ run: z.string().optional() }),
    reply: 200,
  },
  {
    method: 'post',
    path: '/v1/attestations',
    summary: 'Put a statement about the runbook itself to a signature; it counts once it is signed',
    scope: OPERATE,
    body: RunbookStatementRequest,
    reply: 202,
    idempotent: true,
  },
  {
    method: 'post',
    path: '/v1/runs/{id}/attestations',
    summary: 'Put a statement about an item that no machine can see to a signature; it counts once it is signed',
    scope: OPERATE,
    body: ItemStatementRequest,
    reply: 202,
    idempotent: true,
  },
  {
    method: 'get',
    path: '/v1/runs/{id}/smoke',
    summary: 'The smoke report of a launch or a validation: every band, with the last good run beside it',
    scope: READ,
    reply: 200,
    holds: SmokeDocument.extend({ key: z.string(), hash: z.string() }),
  },
  {
    method: 'post',
    path: '/v1/strategies/{id}/manifests',
    summary: 'Publish a signed manifest (runbook 1.1): the envelope itself; refused unless gate 1.1 would take it',
    scope: OPERATE,
    body: DsseEnvelope,
    reply: 200,
    idempotent: true,
  },
  {
    method: 'get',
    path: '/v1/strategies/{id}/limits',
    summary: 'The limits of a strategy: stored, approved, and what each engine enforces, field by field (runbook 1.4)',
    scope: READ,
    reply: 200,
  },
  {
    method: 'post',
    path: '/v1/strategies/{id}/limits',
    summary: 'Change the limits: 202 asks two people, 200 once they have signed and the same file is sent again',
    scope: OPERATE,
    body: LimitsRequest,
    reply: 202,
    idempotent: true,
  },
  {
    method: 'get',
    path: '/v1/strategies/{id}/overrides',
    summary: 'Overrides of soft no-goes of a strategy, newest first, with what has become of each',
    scope: READ,
    reply: 200,
  },
  {
    method: 'post',
    path: '/v1/strategies/{id}/overrides',
    summary: 'Ask a risk officer and another designated person to let soft no-goes of a launch pass',
    scope: OPERATE,
    body: OverrideRequest,
    reply: 202,
    idempotent: true,
  },
  {
    method: 'get',
    path: '/v1/freezes',
    summary: 'Every freeze of launches that stands now, of whatever source, and what to do about it',
    scope: READ,
    reply: 200,
  },
  {
    method: 'post',
    path: '/v1/freezes',
    summary: 'Hold up new launches of everything, a desk, a venue or a strategy: one person, at once',
    scope: OPERATE,
    body: FreezeRequest,
    reply: 200,
    idempotent: true,
  },
  {
    method: 'post',
    path: '/v1/freezes/{id}/lifts',
    summary: 'Lift a freeze: 202 asks a risk officer and an SRE, 200 once they have signed',
    scope: OPERATE,
    body: LiftRequest,
    reply: 202,
    idempotent: true,
  },
  {
    method: 'get',
    path: '/v1/tickets',
    summary: 'Deployment tickets, newest first',
    scope: READ,
    query: z.object({ strategy: z.string().optional() }),
    reply: 200,
    holds: z.object({ tickets: z.array(Ticket) }),
  },
  { method: 'get', path: '/v1/tickets/{id}', summary: 'One ticket', scope: READ, reply: 200, holds: Ticket },
  {
    method: 'post',
    path: '/v1/tickets',
    summary: 'Open a deployment ticket (runbook 1.1)',
    scope: OPERATE,
    body: TicketRequest,
    reply: 200,
    idempotent: true,
  },
  {
    method: 'post',
    path: '/v1/tickets/{id}/approval',
    summary: 'Approve a ticket: somebody else than who opened it',
    scope: OPERATE,
    body: z.object({}),
    reply: 200,
    idempotent: true,
  },
  {
    method: 'post',
    path: '/v1/tickets/{id}/rejection',
    summary: 'Reject a ticket, or withdraw your own: nothing is launched on it any more',
    scope: OPERATE,
    body: TicketReason,
    reply: 200,
    idempotent: true,
  },
  {
    method: 'post',
    path: '/v1/tickets/{id}/closure',
    summary: 'Close a ticket whose change is done with',
    scope: OPERATE,
    body: TicketReason,
    reply: 200,
    idempotent: true,
  },
  {
    method: 'get',
    path: '/v1/venues',
    summary: 'Every venue: open, closed, halted or unknown, with the next open and close, and the halts that stand',
    scope: READ,
    reply: 200,
  },
  {
    method: 'get',
    path: '/v1/venues/{mic}',
    summary: 'One venue, with the sessions of the next seven days and what is out of the ordinary in the next sixty',
    scope: READ,
    reply: 200,
  },
  {
    method: 'post',
    path: '/v1/venues/{mic}/halts',
    summary: 'A venue, or one instrument of it, is halted: launches there are postponed (runbook 1.3)',
    scope: OPERATE,
    body: HaltRequest,
    reply: 200,
    idempotent: true,
  },
  {
    method: 'post',
    path: '/v1/venues/{mic}/halts/{id}/end',
    summary: 'Trading is resumed: the halt is over',
    scope: OPERATE,
    reply: 200,
    idempotent: true,
  },
  {
    method: 'post',
    path: '/ofrep/v1/evaluate/flags/{key}',
    summary: 'OpenFeature: whether the strategy in `context.targetingKey` may trade now (flag live.enabled)',
    scope: READ,
    body: OfrepBody,
    reply: 200,
  },
  {
    method: 'post',
    path: '/ofrep/v1/evaluate/flags',
    summary: 'The same, as the bulk evaluation of OpenFeature, with an ETag',
    scope: READ,
    body: OfrepBody,
    reply: 200,
  },
  {
    method: 'post',
    path: '/v1/strategies/{id}/stops',
    summary:
      'Planned stop (runbook 4), never refused for form; with at and timeZone a planned halt at the next such time, which is a schedule and may be refused',
    scope: OPERATE,
    body: SafetyBody.extend(ScheduleRequest.partial().shape),
    reply: 202,
  },
  {
    method: 'post',
    path: '/v1/strategies/{id}/throttles',
    summary:
      'Lower the rate of orders (runbook 5.3.1), never refused for form: without a rate to the share that the thresholds say; only ever lower',
    scope: OPERATE,
    body: RestrictionRequest,
    reply: 202,
  },
  {
    method: 'post',
    path: '/v1/strategies/{id}/reductions',
    summary: 'Let only orders go out that close a position, never refused for form',
    scope: OPERATE,
    body: RestrictionRequest,
    reply: 202,
  },
  {
    method: 'post',
    path: '/v1/strategies/{id}/lifts',
    summary:
      'Ask an execution trader and a risk officer to lift a throttle or a reduction; once both have signed, the same request lifts it',
    scope: OPERATE,
    body: RestrictionLiftRequest,
    reply: 202,
    idempotent: true,
  },
  {
    method: 'post',
    path: '/v1/strategies/{id}/safe-modes',
    summary:
      'Take a strategy into safe mode (runbook 5.2.1), never refused for form: no new orders, resting ones cancelled and proved gone at the venues, or it is killed',
    scope: OPERATE,
    body: SafetyBody.pick({ reason: true }),
    reply: 202,
  },
  {
    method: 'get',
    path: '/v1/drift-reviews',
    summary: 'Drift reviews that stand (runbook 3.3), newest first, with the positions they are about',
    scope: READ,
    query: DriftQuery,
    reply: 200,
  },
  {
    method: 'post',
    path: '/v1/drift-reviews/{id}/decisions',
    summary: 'A quant or a risk officer accepts a drift, or returns it: the positions have to be corrected',
    scope: OPERATE,
    body: DriftDecision,
    reply: 200,
    idempotent: true,
  },
  {
    method: 'post',
    path: '/v1/venues/{mic}/incidents',
    summary:
      'Runbook 5.3: throttle what trades at a venue in trouble, log the ticket of its support, and count the five minutes',
    scope: OPERATE,
    body: VenueIncidentRequest,
    reply: 202,
    idempotent: true,
  },
  {
    method: 'get',
    path: '/v1/venue-incidents',
    summary:
      'The newest incident of each strategy with each venue; with id one of them, with the file that logs its tickets',
    scope: READ,
    query: VenueIncidentQuery,
    reply: 200,
  },
  {
    method: 'post',
    path: '/v1/venue-incidents/{id}/closure',
    summary: 'End an incident of a venue early: refused while the venue is not stable',
    scope: OPERATE,
    body: ClosureRequest,
    reply: 200,
    idempotent: true,
  },
  {
    method: 'get',
    path: '/v1/data-incidents',
    summary: 'Data incidents that are not over (runbook 5.2.2); all of the newest with state=all',
    scope: READ,
    query: DataIncidentQuery,
    reply: 200,
  },
  {
    method: 'get',
    path: '/v1/data-incidents/{id}',
    summary: 'One of them: positions, open orders, profit and loss, and how old each feed is (runbook 5.2.3)',
    scope: READ,
    reply: 200,
  },
  {
    method: 'post',
    path: '/v1/data-incidents/{id}/notes',
    summary: 'Note what was seen, decided or done in a data incident',
    scope: OPERATE,
    body: NoteRequest,
    reply: 200,
    idempotent: true,
  },
  {
    method: 'post',
    path: '/v1/strategies/{id}/stops/{halt}/cancellation',
    summary: 'Take a planned halt out of the calendar, until it begins',
    scope: OPERATE,
    body: CancellationRequest,
    reply: 200,
    idempotent: true,
  },
  {
    method: 'get',
    path: '/v1/calendar',
    summary: 'The trading calendar: planned halts to come, under way and over, in UTC and on the clocks of the venue',
    scope: READ,
    query: z.object({ strategy: z.string().optional() }),
    reply: 200,
  },
  {
    method: 'post',
    path: '/v1/strategies/{id}/kills',
    summary: 'Kill (runbook 5.1); never refused for form',
    scope: 'control-plane/kill',
    body: SafetyBody,
    reply: 202,
  },
  {
    method: 'post',
    path: '/v1/kills',
    summary: 'Kill a desk, a venue, or everything (runbook 5.1); refused only for an unknown scope',
    scope: 'control-plane/kill',
    body: ScopeBody,
    reply: 202,
  },
  {
    method: 'post',
    path: '/v1/strategies/{id}/settlements',
    summary: 'Settle what is left (runbook 4.4)',
    scope: OPERATE,
    reply: 200,
    idempotent: true,
  },
  {
    method: 'post',
    path: '/v1/strategies/{id}/incident',
    summary: 'Another expected recovery of a killed strategy, told to everybody concerned (runbook 5.1.3)',
    scope: OPERATE,
    body: IncidentUpdate,
    reply: 200,
    idempotent: true,
  },
  {
    method: 'post',
    path: '/v1/strategies/{id}/drills',
    summary:
      'Open a drill: the next kill by the caller, under the key of the reply, is a rehearsal. Refused unless everything is paper or simulated',
    scope: OPERATE,
    body: DrillRequest,
    reply: 200,
    idempotent: true,
  },
  { method: 'get', path: '/v1/drills', summary: 'Drills, newest first', scope: READ, reply: 200 },
  {
    method: 'get',
    path: '/v1/drills/{id}',
    summary: 'One drill: each phase of the kill beside its budget, as far as it is known',
    scope: READ,
    reply: 200,
  },
  {
    method: 'post',
    path: '/v1/strategies/{id}/recoveries',
    summary: 'Recover a killed strategy (runbook 5.1): two people sign, then launching is allowed again',
    scope: OPERATE,
    body: RecoveryRequest,
    reply: 202,
    idempotent: true,
  },
  {
    method: 'post',
    path: '/v1/recoveries',
    summary:
      'Lift the latch of a killed scope: 202 asks two people, 200 once they have signed; its strategies stay killed',
    scope: OPERATE,
    body: ScopeRecoveryRequest,
    reply: 202,
    idempotent: true,
  },
  {
    method: 'post',
    path: '/v1/runs/{id}/post-mortem',
    summary: 'File one more version of the post-mortem of a kill (runbook 5.1.4); earlier sign-offs are void',
    scope: OPERATE,
    body: PostMortemRequest,
    reply: 200,
    idempotent: true,
  },
  {
    method: 'post',
    path: '/v1/runs/{id}/post-mortem/actions/{number}',
    summary: 'A corrective action is done',
    scope: OPERATE,
    body: ActionEvidence,
    reply: 200,
    idempotent: true,
  },
  {
    method: 'post',
    path: '/v1/approvals/signing-options',
    summary: 'What an authenticator is asked to sign 2 to 20 launches with at once; good for five minutes',
    scope: READ,
    body: SeveralOptionsRequest,
    reply: 200,
  },
  {
    method: 'post',
    path: '/v1/approvals/signatures',
    summary: 'One signature over several launches (runbook 2.3): each is recorded, or refused, by itself',
    scope: OPERATE,
    body: SeveralSignaturesRequest,
    reply: 200,
    idempotent: true,
  },
  {
    method: 'post',
    path: '/v1/approvals/{id}/signatures',
    summary: 'Sign or decline a document by its digest (runbook 2.3)',
    scope: OPERATE,
    body: SignatureRequest,
    reply: 200,
    idempotent: true,
  },
  {
    method: 'get',
    path: '/v1/approvals/{id}/signing-options',
    summary: 'What an authenticator is asked to sign a document with, and on which page',
    scope: READ,
    reply: 200,
  },
  {
    method: 'post',
    path: '/v1/approvals/{id}/signing-sessions',
    summary: 'The address of a page that signs this document for you, once, within five minutes',
    scope: OPERATE,
    reply: 200,
  },
  {
    method: 'post',
    path: '/v1/enrolment-sessions',
    summary: 'The address of a page that enrols an authenticator for you, once, within five minutes',
    scope: OPERATE,
    reply: 200,
  },
  {
    method: 'get',
    path: '/v1/signing-sessions/{id}',
    summary: 'For a signing page: the document and what its authenticator is asked with',
    scope: PAGE,
    reply: 200,
  },
  {
    method: 'post',
    path: '/v1/signing-sessions/{id}/signature',
    summary: 'For a signing page: sign or decline the document',
    scope: PAGE,
    body: SignatureRequest,
    reply: 200,
  },
  {
    method: 'post',
    path: '/v1/signing-sessions/{id}/credential',
    summary: 'For a signing page: enrol an authenticator',
    scope: PAGE,
    body: PageCredentialRequest,
    reply: 200,
  },
  {
    method: 'get',
    path: '/sign/{id}',
    summary: 'The signing page, for a browser: the same for every session',
    scope: 'none',
    reply: 200,
  },
  {
    method: 'get',
    path: '/v1/credentials',
    summary: 'Your authenticators; all of them for a risk officer, an SRE or an auditor',
    scope: READ,
    reply: 200,
  },
  {
    method: 'post',
    path: '/v1/credentials/options',
    summary: 'What an authenticator is asked with when it is enrolled',
    scope: OPERATE,
    reply: 200,
  },
  {
    method: 'post',
    path: '/v1/credentials',
    summary: 'Enrol an authenticator; it signs nothing before it is approved',
    scope: OPERATE,
    body: CredentialRequest,
    reply: 200,
    idempotent: true,
  },
  {
    method: 'post',
    path: '/v1/credentials/{id}/approval',
    summary: 'Approve an authenticator of somebody else, or another one of yours by a signature',
    scope: OPERATE,
    body: CredentialApproval,
    reply: 200,
    idempotent: true,
  },
  {
    method: 'post',
    path: '/v1/credentials/{id}/revocation',
    summary: 'Take an authenticator out of use for good: your own, or as risk officer or SRE',
    scope: OPERATE,
    reply: 200,
    idempotent: true,
  },
  {
    method: 'post',
    path: '/v1/device-kills',
    summary:
      'Kill signed by a device instead of a token: RFC 9421, Ed25519 (docs/device-kill.md); never refused for form',
    scope: SIGNED,
    body: DeviceKill,
    reply: 202,
  },
  {
    method: 'post',
    path: '/v1/devices',
    summary: 'Enrol the key of a device that can kill and nothing else',
    scope: OPERATE,
    body: DeviceProposal,
    reply: 200,
  },
  {
    method: 'post',
    path: '/v1/devices/{name}/approval',
    summary: 'Another person makes it active',
    scope: OPERATE,
    reply: 200,
  },
  {
    method: 'post',
    path: '/v1/devices/{name}/revocation',
    summary: 'Take the key of a device out of use for good',
    scope: OPERATE,
    reply: 200,
  },
  { method: 'get', path: '/v1/devices', summary: 'The keys of devices', scope: READ, reply: 200 },
  { method: 'get', path: '/v1/engines', summary: 'Where every engine takes its commands', scope: READ, reply: 200 },
  { method: 'get', path: '/v1/strategies', summary: 'All strategies', scope: READ, reply: 200 },
  {
    method: 'get',
    path: '/v1/strategies/{id}',
    summary: 'One strategy: what it may do, and why not more',
    scope: READ,
    reply: 200,
  },
  { method: 'get', path: '/v1/approvals', summary: 'Questions to people', scope: READ, reply: 200 },
  {
    method: 'get',
    path: '/v1/approvals/{id}',
    summary: 'One question, with the document that is signed',
    scope: READ,
    reply: 200,
  },
  {
    method: 'get',
    path: '/v1/runs',
    summary: 'Runs, newest first',
    scope: READ,
    reply: 200,
    holds: z.object({ runs: z.array(Run) }),
  },
  { method: 'get', path: '/v1/runs/{id}', summary: 'One run: steps, findings, evidence', scope: READ, reply: 200 },
  {
    method: 'get',
    path: '/v1/runs/{id}/kill-certificate',
    summary: 'The certificate of a kill, as JSON and as a page (runbook 5.1.2)',
    scope: READ,
    reply: 200,
  },
  {
    method: 'get',
    path: '/v1/reviews',
    summary: 'Reviews of runs, newest first; ?status=open',
    scope: READ,
    reply: 200,
  },
  {
    method: 'get',
    path: '/v1/reviews/digest',
    summary: 'What Compliance is told of a week; ?week=2026-W48, the last one that is over when left out',
    scope: READ,
    reply: 200,
  },
  {
    method: 'get',
    path: '/v1/runs/{id}/review',
    summary: 'The review of a run (runbook 7): findings, audit, annotations, and its summary in Markdown',
    scope: READ,
    reply: 200,
  },
  {
    method: 'post',
    path: '/v1/runs/{id}/review/annotations',
    summary: 'Add what somebody has to say to the summary of a run (runbook 7.1)',
    scope: OPERATE,
    body: AnnotateRequest,
    reply: 200,
    idempotent: true,
  },
  {
    method: 'post',
    path: '/v1/runs/{id}/review/closures',
    summary: 'Somebody who did not ask for the run has looked at its findings, and closes its review',
    scope: OPERATE,
    body: CloseRequest,
    reply: 200,
    idempotent: true,
  },
  {
    method: 'get',
    path: '/v1/archives',
    summary: 'Archives of trading runs (runbook 4.5), newest first',
    scope: READ,
    query: ArchiveQuery,
    reply: 200,
  },
  {
    method: 'get',
    path: '/v1/runs/{id}/archive',
    summary: 'The archive of the trading run that a run belongs to: every manifest of its chain',
    scope: READ,
    reply: 200,
    holds: ArchiveView,
  },
  {
    method: 'get',
    path: '/v1/runs/{id}/archive/files',
    summary: 'A file of an archive in base64, at most 3 MiB from an offset on; `next` is where it goes on',
    scope: READ,
    query: ArchiveFileQuery,
    reply: 200,
    holds: ArchiveFilePage,
  },
  {
    method: 'get',
    path: '/v1/runs/{id}/post-mortem',
    summary: 'The newest version of the post-mortem of a kill, its actions and its sign-offs',
    scope: READ,
    reply: 200,
  },
  { method: 'get', path: '/v1/executions', summary: 'Executions, newest first', scope: READ, reply: 200 },
  {
    method: 'get',
    path: '/v1/executions/{name}/history',
    summary: 'History of one execution, task tokens redacted',
    scope: READ,
    reply: 200,
  },
  {
    method: 'get',
    path: '/v1/ledger/{log}',
    summary: 'Entries of a log that match every filter, with its RFC 6962 root; goes on at `next`',
    scope: READ,
    query: LedgerQuery,
    reply: 200,
  },
  {
    method: 'get',
    path: '/v1/ledger/{log}/checkpoints',
    summary: 'Signed checkpoints of a log (C2SP tlog-checkpoint), smallest first',
    scope: READ,
    reply: 200,
  },
  {
    method: 'get',
    path: '/v1/ledger/{log}/proofs/{index}',
    summary: 'Proof that an entry stands in the tree of the newest checkpoint (RFC 6962 section 2.1.1)',
    scope: READ,
    reply: 200,
  },
  {
    method: 'get',
    path: '/v1/ledger/{log}/consistency/{size}',
    summary: 'Proof that the newest checkpoint goes on from one of that size (RFC 6962 section 2.1.2)',
    scope: READ,
    reply: 200,
  },
  {
    method: 'get',
    path: '/v1/checkpoint-keys',
    summary: 'The keys that sign checkpoints, oldest first; the last one is in use',
    scope: READ,
    reply: 200,
  },
  {
    method: 'get',
    path: '/v1/deliveries',
    summary: 'Messages with their proof of delivery (runbook 6), newest first',
    scope: READ,
    query: DeliveriesQuery,
    reply: 200,
    holds: z.object({ deliveries: z.array(Delivery) }),
  },
  {
    method: 'post',
    path: '/v1/channel-tests',
    summary: 'Send a message that says it is a test to one channel',
    scope: OPERATE,
    body: ChannelTestRequest,
    reply: 200,
    idempotent: true,
  },
  {
    method: 'get',
    path: '/v1/alerts',
    summary: 'What the watchdog finds (runbook 3), the worst first; or what is over, the newest end first',
    scope: READ,
    query: AlertsQuery,
    reply: 200,
    holds: z.object({ alerts: z.array(ListedAlert) }),
  },
  {
    method: 'get',
    path: '/v1/kill-events',
    summary: 'Every kill with both signatures (runbook 5.1.2)',
    scope: READ,
    reply: 200,
  },
  {
    method: 'get',
    path: '/v1/monitors',
    summary:
      'What the monitors of every strategy see now (runbook 3): ages against their SLA, round trips, drift, use of limits',
    scope: READ,
    query: MonitorsQuery,
    reply: 200,
  },
  {
    method: 'get',
    path: '/v1/health',
    summary: "The control plane's own health, check by check, each with its limit and what to do",
    scope: READ,
    reply: 200,
  },
  {
    method: 'post',
    path: '/engine/v1/strategies/{id}/lease',
    summary: 'Renew an engine lease (docs/engine-contract.md)',
    scope: 'engine/lease',
    body: LeaseRequest,
    reply: 200,
    holds: LeaseReply,
  },
];

const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.enum([...REFUSAL_CODES, 'Fault']),
  next: z.string(),
  facts: z.record(z.string(), z.unknown()),
});

export const API_INFO = {
  title: 'TradePulse Control Plane',
  version: '1',
  description: 'Launches, watches and halts live trading strategies by an executable runbook.',
};

export type OpenApiDocument = {
  openapi: string;
  info: { title: string; version: string; description: string };
  paths: Record<string, Record<string, unknown>>;
  components: Record<string, unknown>;
};

/** The OpenAPI 3.1 document, made from the routes and their schemas. */
export function openApi(): OpenApiDocument {
  const paths: OpenApiDocument['paths'] = {};
  for (const route of ROUTES) paths[route.path] = { ...paths[route.path], [route.method]: operation(route) };
  return {
    openapi: '3.1.0',
    info: API_INFO,
    paths,
    components: {
      schemas: { Problem: z.toJSONSchema(Problem, { io: 'input' }) },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}

function operation({ path, summary, scope, body, query, reply, holds, idempotent }: ApiRoute) {
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const asked = Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    schema: z.toJSONSchema(z.object({ schema }), { io: 'output' }).properties?.['schema'],
  }));
  const key = {
    name: 'Idempotency-Key',
    in: 'header',
    required: true,
    schema: { type: 'string', minLength: 8, maxLength: 128 },
  };
  return {
    summary,
    security: [{ bearer: [scope] }],
    parameters: [...parameters, ...asked, ...(idempotent ? [key] : [])],
    ...(body && {
      requestBody: { content: { 'application/json': { schema: z.toJSONSchema(body, { io: 'input' }) } } },
    }),
    responses: {
      [reply]: {
        description: 'done',
        ...(holds && { content: { 'application/json': { schema: z.toJSONSchema(holds, { io: 'output' }) } } }),
      },
      default: {
        description: 'a refusal, or a fault',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}
