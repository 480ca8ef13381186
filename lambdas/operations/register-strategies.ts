import * as z from 'zod';
import { governancePorts } from '../../adapters/aws/governance-ports.ts';
import { registerRunbook } from '../../domain/attestation/register-runbook.ts';
import { RunbookText } from '../../domain/attestation/runbook-edition.ts';
import { MatrixText, registerMatrix } from '../../domain/communications/register-matrix.ts';
import { LiveDashboardText } from '../../domain/dashboard/live-dashboard.ts';
import { registerDashboard } from '../../domain/dashboard/register-dashboard.ts';
import { registerKeys } from '../../domain/manifest/register-keys.ts';
import { TrustedKeyList } from '../../domain/manifest/trusted-key.ts';
import { Calendars, registerCalendars } from '../../domain/market/register-calendars.ts';
import { MonitorsText, registerMonitors } from '../../domain/monitor/register-monitors.ts';
import { registerStrategies } from '../../domain/register-strategies.ts';
import { Registrations } from '../../domain/registration.ts';
import { customResource } from '../custom-resource.ts';

const Properties = z.object({
  Strategies: Registrations,
  Calendars,
  ManifestKeys: TrustedKeyList,
  Dashboard: LiveDashboardText,
  Communications: MatrixText,
  Monitors: MonitorsText,
  Runbook: RunbookText,
});

export const handler = customResource(Properties, async (told, requestId) => {
  await registerKeys(told.ManifestKeys, requestId, governancePorts);
  await registerDashboard(told.Dashboard, requestId, governancePorts);
  await registerMatrix(told.Communications, requestId, governancePorts);
  await registerMonitors(told.Monitors, requestId, governancePorts);
  await registerRunbook(told.Runbook, requestId, governancePorts);
  await registerCalendars(told.Calendars, requestId, governancePorts);
  const { summary } = await registerStrategies(told.Strategies, requestId, governancePorts);
  return { summary, GovernancePublicKey: await governancePorts.governance.publicKey() };
});
