import { readRegistration } from '../change.ts';
import { ActorId, RunId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { readRun, writeRunEvidence } from '../run-evidence.ts';
import type { RunStep, StepResult } from '../run-step.ts';
import { readSafe, safeModeStep } from '../safe-mode/safe-mode-step.ts';
import { safeModeTimes } from '../safe-mode/safe-mode-times.ts';
import type { DataIncident } from './data-incident.ts';
import { dataIncidentPage } from './data-incident-page.ts';
import { pointOf } from './judge-oversight.ts';
import { lookAtExposure } from './look-at-exposure.ts';

/** Who leads a data incident until somebody else is agreed on. */
const OWNER = 'SRE on call';
const SERVICE = ActorId.parse('service:safe-mode');

/**
 * Runbook 5.2.2: opens the data incident, with a first look at the exposure, as a record and as `data_incident.md`. One that an earlier safe
 * mode has opened goes on in the hands of this one. Throws NoDataIncident where the safe mode is not about market data.
 */
export async function openDataIncident(command: RunStep, ports: Ports): Promise<StepResult> {
  const { id: strategyId, safeMode, run: trading } = await readSafe(command, ports);
  const { incident: id } = safeMode;
  if (id === undefined)
    throw new Refusal('NoDataIncident', `${strategyId} is SAFE: ${safeMode.reason}`, 'two people resume it');
  const before = await ports.records.get('DATAINCIDENT', id);
  if (before) return takeOver(command, before, ports);
  const [run, registration] = await Promise.all([readRun(command, ports), readRegistration(strategyId, ports)]);
  const look = await lookAtExposure(registration, await safeModeTimes(registration, ports), ports);
  const tradingRun = RunId.safeParse(trading?.id).data;
  const opened = {
    ...{ id, strategyId, runId: command.runId, ...(tradingRun && { tradingRun }), status: 'open' as const },
    ...{ reason: safeMode.reason, owner: OWNER, openedAt: safeMode.at },
    ...{ exposure: look, course: [pointOf(look)], looks: 1, notes: [], version: 1 },
  };
  const file = await writeRunEvidence(run, 'data_incident.md', dataIncidentPage(opened), ports);
  return safeModeStep(
    command,
    'OpenDataIncident',
    (state) => ({
      state,
      entries: [
        {
          type: 'data-incident.opened',
          actor: SERVICE,
          run: run.id,
          payload: { incident: id, owner: OWNER, reason: safeMode.reason, file, exposure: look },
        },
      ],
      records: [{ kind: 'DATAINCIDENT', record: { ...opened, file } }],
      reply: { summary: `opened ${id}; ${OWNER} leads it`, verdict: 'done' as const },
    }),
    ports,
  );
}

const takeOver = (command: RunStep, { id }: DataIncident, ports: Ports): Promise<StepResult> =>
  safeModeStep(
    command,
    'OpenDataIncident',
    async (state) => {
      const now = await ports.records.get('DATAINCIDENT', id);
      if (!now) throw new TypeError(`${id} is gone`);
      const { proposal: _ended, ...rest } = now; // whatever was proposed has been sent home
      return {
        state,
        entries: [
          {
            type: 'data-incident.taken-over',
            actor: SERVICE,
            run: command.runId,
            payload: { incident: id, from: now.runId },
          },
        ],
        records: [
          { kind: 'DATAINCIDENT', record: { ...rest, status: 'open', runId: command.runId, version: now.version + 1 } },
        ],
        reply: { summary: `${id} goes on`, verdict: 'done' as const },
      };
    },
    ports,
  );
