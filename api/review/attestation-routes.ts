import type { Hono } from 'hono';
import { attestItem } from '../../domain/attestation/attest-item.ts';
import { ItemStatementRequest, RunbookStatementRequest } from '../../domain/attestation/attest-request.ts';
import { attestRunbook } from '../../domain/attestation/attest-runbook.ts';
import { listAttestations } from '../../domain/attestation/list-attestations.ts';
import { RunId } from '../../domain/ids.ts';
import { Refusal } from '../../domain/refusal.ts';
import { commandKey, handle, READING } from '../control-api.ts';
import { operating } from '../operating.ts';
import { readBody } from '../read-body.ts';
import type { ReviewPorts } from '../review-app.ts';

const ATTESTING = operating(['execution-trader', 'risk-officer', 'quant', 'sre'], 'attesting');

/** Signed statements of people: about items of a run that no machine can see, and about the runbook itself. They count once they are signed. */
export function attestationRoutes(app: Hono, ports: ReviewPorts): void {
  app.get('/v1/attestations', (context) =>
    handle(context, ports, READING, async () =>
      context.json(await listAttestations(runIn(context.req.query('run')), ports), 200),
    ),
  );
  app.post('/v1/runs/:id/attestations', (context) =>
    handle(context, ports, ATTESTING, async (caller) => {
      const key = commandKey(context.req.raw, caller);
      const request = await readBody(context.req.raw, ItemStatementRequest);
      const { reply, receipt } = await attestItem({ caller, runId: context.req.param('id'), key, request }, ports);
      return context.json({ ...reply, receipt }, 202);
    }),
  );
  app.post('/v1/attestations', (context) =>
    handle(context, ports, ATTESTING, async (caller) => {
      const key = commandKey(context.req.raw, caller);
      const request = await readBody(context.req.raw, RunbookStatementRequest);
      const { reply, receipt } = await attestRunbook({ caller, key, request }, ports);
      return context.json({ ...reply, receipt }, 202);
    }),
  );
}

function runIn(text: string | undefined): RunId | undefined {
  const run = RunId.optional().safeParse(text);
  if (run.success) return run.data;
  throw new Refusal('InvalidRequest', 'that is no id of a run', 'look at the list of runs');
}
