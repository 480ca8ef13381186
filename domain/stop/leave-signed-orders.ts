import type { Approval } from '../approval/approval.ts';
import { approvalId } from '../approval/open-approval.ts';
import { verifyApproval } from '../approval/verify-approval.ts';
import { readRegistration } from '../change.ts';
import { digestOf } from '../ledger/digest.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { readRun } from '../run-evidence.ts';
import type { StepResult } from '../run-step.ts';
import { LeftOrder } from './drain.ts';
import { drainDeadline } from './drain-deadline.ts';
import { silentVenues } from './judge-drain.ts';
import { lookAtOrders, type OrdersSeen } from './look-at-orders.ts';
import { drainOf } from './note-drain.ts';
import { asLeft, stayingOrders } from './staying-orders.ts';
import { type StopStep, stopStep } from './stop-step.ts';

const Signed = LeftOrder.array();

/**
 * Records the orders that stay with the signature that they stay by, once more checked. Refuses (OrdersNotSigned) where anything rests that is
 * not in the signed list, or more of it than that; what is gone meanwhile, or partly filled, may be. Throws VenueUnreachable while a venue is silent.
 */
export async function leaveSignedOrders(command: StopStep, ports: Ports): Promise<StepResult> {
  const [registration, run] = await Promise.all([readRegistration(command.strategyId, ports), readRun(command, ports)]);
  return stopStep(
    command,
    'LeaveSignedOrders',
    async (state) => {
      const seen = await lookAtOrders(registration, ports);
      const silent = silentVenues(seen);
      if (silent) return silent;
      if (seen.orders.length === 0) return { state, entries: [], reply: NOTHING };
      const asked = await ports.records.get('APPROVAL', approvalId(command, 'drain-sign-off'));
      const approval = verifyApproval(asked, state, ports.now(), ports.demoAuthenticators);
      if (approval instanceof Refusal) return approval;
      const left = signedOf(approval, seen);
      if (left instanceof Refusal) return left;
      const noted = { command, until: drainDeadline(run, registration), registration, seen };
      const [signer = run.requestedBy] = approval.signatures.map(({ actor }) => actor);
      const orders = left.length === 1 ? '1 order stays' : `${left.length} orders stay`;
      return {
        state,
        entries: [
          {
            type: 'drain.left',
            actor: signer,
            run: run.id,
            payload: { orders: left, digest: digestOf(left), approval: approval.id, signed: approval.digest },
          },
        ],
        records: [{ kind: 'DRAIN' as const, record: drainOf(noted, ports.now(), left) }],
        reply: { summary: `${orders}, signed by ${signer}`, verdict: 'done' as const },
      };
    },
    ports,
  );
}

const NOTHING: StepResult = { summary: 'nothing rests any more', verdict: 'nothing-to-do' };

/** What rests now of what was signed for. */
function signedOf({ id, document }: Approval, { orders }: OrdersSeen): LeftOrder[] | Refusal {
  const signed = Signed.parse(document['orders']);
  const staying = stayingOrders(orders, { policy: 'leave-good-till-cancelled', left: signed, noneMayStay: false });
  if (staying.length === orders.length) return asLeft(staying);
  const unsigned = orders.filter((order) => !staying.includes(order));
  return new Refusal(
    'OrdersNotSigned',
    `${unsigned.length} orders rest that ${id} does not name`,
    'none may stay then: they are cancelled',
    { unsigned },
  );
}
