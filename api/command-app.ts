import { Hono } from 'hono';
import { Role } from '../domain/approval/approval.ts';
import { decideApproval } from '../domain/approval/decide-approval.ts';
import { change } from '../domain/change.ts';
import { ApprovalId } from '../domain/ids.ts';
import { digestOf } from '../domain/ledger/digest.ts';
import { LaunchRequest, requestLaunch } from '../domain/launch/request-launch.ts';
import { Refusal } from '../domain/refusal.ts';
import { runName } from '../domain/run-name.ts';
import { requestStop, StopRequest } from '../domain/stop/request-stop.ts';
import { settleAlone } from '../domain/stop/settle-alone.ts';
import { type ApiPorts, commandKey, handle } from './control-api.ts';
import { lenientKey } from './lenient-key.ts';
import { notFound, problem } from './problem.ts';
import { readBody, readBodyLeniently } from './read-body.ts';
import { SignatureRequest } from './schemas.ts';
import { strategyIn } from './strategy-in.ts';
import { approvalView } from './views/approval-view.ts';

const operate = (roles: readonly Role[], action: string) => ({ scope: 'control-plane/operate', roles, action });

/** Everything that changes something, but for kill: launches, stops, settlements, signatures. */
export function commandApp(ports: ApiPorts): Hono {
  const app = new Hono();

  app.post('/v1/strategies/:id/launches', (context) =>
    handle(context, ports, operate(['execution-trader'], 'a launch'), async (caller) => {
      const strategyId = strategyIn(context.req.param('id'));
      const key = commandKey(context.req.raw, caller);
      const request = await readBody(context.req.raw, LaunchRequest);
      const now = ports.now();
      const runId = runName('launch', strategyId, `${key}/${digestOf(request)}`, now);
      const freezes = await ports.records.all('FREEZE');
      const changed = await change(strategyId, { key, body: request }, (state) => requestLaunch(state, { caller, runId, request, freezes, now }), ports);
      const { reply, receipt } = changed;
      await ports.executions.start('launch', reply.runId, { strategyId, runId: reply.runId, epoch: reply.epoch });
      return context.json({ ...reply, receipt }, 202);
    }),
  );

  app.post('/v1/strategies/:id/stops', (context) =>
    handle(context, ports, operate(['execution-trader', 'risk-officer', 'sre'], 'a stop'), async (caller) => {
      const strategyId = strategyIn(context.req.param('id'));
      const request = StopRequest.parse(await readBodyLeniently(context.req.raw));
      const key = `${caller.subject}/${lenientKey(context.req.raw, ports.randomId)}/${digestOf(request)}`; // a reused key with another body is another stop, never a refusal
      const now = ports.now();
      const runId = runName('stop', strategyId, key, now);
      const { reply, receipt } = await change(strategyId, { key, body: request }, (state) => requestStop(state, { caller, runId, request, now }), ports);
      if (reply.runId) await ports.executions.start('stop', reply.runId, { strategyId, runId: reply.runId, epoch: reply.epoch });
      return context.json({ ...reply, receipt }, 202);
    }),
  );

  app.post('/v1/strategies/:id/settlements', (context) =>
    handle(context, ports, operate(['execution-trader', 'sre'], 'a settlement'), async (caller) => {
      const strategyId = strategyIn(context.req.param('id'));
      const { reply, receipt } = await settleAlone({ strategyId, actor: caller.subject, key: commandKey(context.req.raw, caller) }, ports);
      return context.json({ ...reply, receipt }, 200);
    }),
  );

  app.post('/v1/approvals/:id/signatures', (context) =>
    handle(context, ports, operate(Role.options, 'signing'), async (caller) => {
      const id = ApprovalId.safeParse(context.req.param('id'));
      if (!id.success) throw new Refusal('UnknownApproval', 'that is no approval id', 'look at the list of approvals');
      const key = commandKey(context.req.raw, caller);
      const request = await readBody(context.req.raw, SignatureRequest);
      const { reply, receipt } = await decideApproval(id.data, { caller, ...request }, key, ports);
      return context.json({ approval: approvalView(reply), summary: `${request.decision === 'approve' ? 'signed' : 'declined'}: the question is ${reply.status}`, receipt }, 200);
    }),
  );

  app.notFound((context) => problem(notFound(context.req.path)));
  return app;
}
