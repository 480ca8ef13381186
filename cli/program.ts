import { Command, Option } from 'commander';
import { context, DEFAULT_DATA, type GlobalOptions } from './context.ts';
import { addAlertCommands } from './definitions/alert-commands.ts';
import { addApprovalCommands } from './definitions/approval-commands.ts';
import { addArchiveCommands } from './definitions/archive-commands.ts';
import { addAuditCommands } from './definitions/audit-commands.ts';
import { addChecklistCommands } from './definitions/checklist-commands.ts';
import { addCommsCommands } from './definitions/comms-commands.ts';
import { addCredentialCommands } from './definitions/credential-commands.ts';
import { addDeviceCommands } from './definitions/device-commands.ts';
import { addDriftCommands } from './definitions/drift-commands.ts';
import { addDrillCommands } from './definitions/drill-commands.ts';
import { addFreezeCommands } from './definitions/freeze-commands.ts';
import { addIncidentCommands } from './definitions/incident-commands.ts';
import { addLadderCommands } from './definitions/ladder-commands.ts';
import { addLaunchCommands } from './definitions/launch-commands.ts';
import { addLimitsCommands } from './definitions/limits-commands.ts';
import { addLocalCommands } from './definitions/local-commands.ts';
import { addManifestCommands } from './definitions/manifest-commands.ts';
import { addMonitorCommands } from './definitions/monitor-commands.ts';
import { addOverrideCommands } from './definitions/override-commands.ts';
import { addReadCommands, addRecordCommands } from './definitions/read-commands.ts';
import { addReviewCommands } from './definitions/review-commands.ts';
import { addSafeModeCommands } from './definitions/safe-mode-commands.ts';
import { addSafetyCommands } from './definitions/safety-commands.ts';
import type { Run } from './definitions/shared-options.ts';
import { addTicketCommands } from './definitions/ticket-commands.ts';
import { addValidateCommands } from './definitions/validate-commands.ts';
import { addVenueCommands } from './definitions/venue-commands.ts';
import { addVenueIncidentCommands } from './definitions/venue-incident-commands.ts';
import { isAnyDirectKillKept as isKept } from './session/device-folder.ts';
import type { Surroundings } from './surroundings.ts';

/** In the order in which help shows them. */
const COMMANDS = [
  addLaunchCommands,
  addApprovalCommands,
  addTicketCommands,
  addManifestCommands,
  addValidateCommands,
  addVenueCommands,
  addLimitsCommands,
  addFreezeCommands,
  addOverrideCommands,
  addSafetyCommands,
  addSafeModeCommands,
  addLadderCommands,
  addDriftCommands,
  addIncidentCommands,
  addVenueIncidentCommands,
  addArchiveCommands,
  addReviewCommands,
  addChecklistCommands,
  addDrillCommands,
  addAlertCommands,
  addMonitorCommands,
  addReadCommands,
  addRecordCommands,
  addCommsCommands,
  addAuditCommands,
  addCredentialCommands,
  addDeviceCommands,
  addLocalCommands,
] as const;

/** All commands with their options: the one place that help, completion and docs/cli.md are made from. */
export function program(surroundings: Surroundings): Command {
  const root = new Command('tradepulse-cli')
    .description('launches, watches and halts live trading strategies')
    .addOption(
      new Option(
        '--as <user>',
        'who acts: a demo user of the local installation (trader, trader2, risk, risk2, quant, sre, auditor)',
      ).env('TRADEPULSE_AS'),
    )
    .addOption(
      new Option('--data <dir>', 'data folder of the local installation').default(DEFAULT_DATA).env('TRADEPULSE_DATA'),
    )
    .addOption(
      new Option('--url <url>', 'address of the control plane; without it, the one in the data folder').env(
        'TRADEPULSE_URL',
      ),
    )
    .addOption(
      new Option('--issuer <url>', 'identity provider of a control plane elsewhere; with --client-id').env(
        'TRADEPULSE_ISSUER',
      ),
    )
    .addOption(new Option('--client-id <id>', 'its client for operators').env('TRADEPULSE_CLIENT_ID'))
    .addOption(
      new Option('--output <format>', 'jsonl prints JSON objects only, words go to stderr')
        .choices(['table', 'jsonl'])
        .default('table'),
    )
    .showHelpAfterError('(add --help for the options)')
    .configureHelp({ showGlobalOptions: true })
    .helpCommand(false);
  const run: Run = async (command, action) => {
    const here = context(command.optsWithGlobals<GlobalOptions>(), surroundings);
    await action(here);
    if (isKept(here)) await (await import('./commands/report-direct-kills.ts')).reportPendingQuietly(here);
  };
  for (const add of COMMANDS) add(root, run, surroundings);
  return root;
}
