import type { Command } from 'commander';
import { moment } from '../ledger/moment.ts';
import { type Run, STRATEGY } from './shared-options.ts';

/** Commands for the time after a kill. */
export function addIncidentCommands(root: Command, run: Run): void {
  root
    .command('incident')
    .description('what people are told of a kill')
    .helpCommand(false)
    .command('update')
    .description('another expected recovery, told to everybody concerned (runbook 5.1.3)')
    .requiredOption(...STRATEGY)
    .requiredOption('--eta <time>', 'when trading may begin again, e.g. 2026-11-24T12:00:00Z', moment)
    .action((options, command) =>
      run(command, async (ctx) => (await import('../commands/incident.ts')).incidentUpdate(ctx, options)),
    );
  root
    .command('kill-certificate')
    .description('the certificate of a kill: what is recorded of it, and nothing else (runbook 5.1.2)')
    .argument('<run>', 'id of the kill')
    .action((id, _options, command) =>
      run(command, async (ctx) => (await import('../commands/kill-certificate.ts')).killCertificate(ctx, id)),
    );
}
