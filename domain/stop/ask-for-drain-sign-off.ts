import * as z from 'zod';
import { approvalId, askOn, openApproval, type Question } from '../approval/open-approval.ts';
import { readRegistration } from '../change.ts';
import { announce } from '../communications/announce.ts';
import type { Run } from '../control-record.ts';
import { nonceOf } from '../launch/launch-plan.ts';
import type { Ports } from '../ports/ports.ts';
import type { Registration } from '../registration.ts';
import { readRun } from '../run-evidence.ts';
import type { StepResult } from '../run-step.ts';
import { WaitingStep } from '../waiting-step.ts';
import type { LeftOrder } from './drain.ts';
import { lookAtOrders } from './look-at-orders.ts';
import { asLeft, orderWords, stayingOrders } from './staying-orders.ts';
import { readStopping, StopStep, stopStep } from './stop-step.ts';

export const AskForDrainSignOff = z.object({ ...StopStep.shape, ...WaitingStep.shape });
export type AskForDrainSignOff = z.infer<typeof AskForDrainSignOff>;

/** What is asked about: the stop, and the orders that would stay. */
type Asked = { readonly run: Run; readonly registration: Registration; readonly orders: readonly LeftOrder[] };

/**
 * Product decision 8: a risk officer, who is not whoever asked for the stop, signs exactly the orders that stay, each with its venue, id, side,
 * quantity, price and notional. No answer within the agreed time is a no: then they are cancelled. Where they are gone by now nobody is asked.
 */
export async function askForDrainSignOff(command: AskForDrainSignOff, ports: Ports): Promise<StepResult> {
  const { epoch } = await readStopping(command, ports);
  const [registration, run] = await Promise.all([readRegistration(command.strategyId, ports), readRun(command, ports)]);
  const policy = registration.policy.drainPolicy;
  const { orders: resting } = await lookAtOrders(registration, ports);
  const orders = asLeft(stayingOrders(resting, { policy, left: undefined, noneMayStay: false }));
  if (orders.length === 0) {
    await ports.executions.succeed(command.taskToken, {});
    return { summary: 'they are gone: nothing is left to sign for', verdict: 'nothing-to-do' };
  }
  const question = questionOf({ run, registration, orders }, { ...command, epoch }, ports.now());
  return stopStep(
    command,
    `AskForDrainSignOff/${command.taskToken.slice(-16)}`,
    async (state) => {
      const before = await ports.records.get('APPROVAL', approvalId(command, 'drain-sign-off'));
      if (before?.status === 'open') return askOn(state, before, command.taskToken);
      const asked = openApproval(state, { ...command, epoch }, question, ports.now());
      return { ...asked, records: [...asked.records, ...told({ run, registration, orders }, ports.now())] };
    },
    ports,
  );
}

function questionOf(
  { run, registration, orders }: Asked,
  { strategyId, runId, epoch, taskToken }: AskForDrainSignOff,
  now: Date,
): Question {
  const { policy, environment } = registration;
  const document = {
    ...{ action: 'leave orders resting', strategy: strategyId, run: runId, environment },
    ...{ orders, notional: orders.reduce((sum, { notional }) => sum + notional, 0), stopRequestedBy: run.requestedBy },
    ...{ epoch, nonce: nonceOf({ strategyId, runId, epoch }, 'drain-sign-off') },
    expiresAt: new Date(now.getTime() + policy.drainSignOffMinutes * 60_000).toISOString(),
  };
  return {
    kind: 'drain-sign-off',
    document,
    requiredRoles: ['risk-officer'],
    mayDecline: ['execution-trader'],
    excluded: [run.requestedBy],
    taskToken,
  };
}

const told = ({ run, registration, orders }: Asked, now: Date) =>
  announce(
    'drain-sign-off',
    {
      ...{ strategyId: registration.id, runId: run.id },
      reason: `${orders.length} good-till-cancelled orders would stay at their venues; unsigned, they are cancelled`,
      lines: orders.map(orderWords).join('\n'),
    },
    now,
  );
