import type { Command } from 'commander';
import { addOnlineAuditCommands } from './audit-online-commands.ts';
import type { Run } from './shared-options.ts';

const oneMore = (value: string, before: readonly string[] | undefined): string[] => [...(before ?? []), value];

/** Commands for auditors, who trust nobody: what they prove, they prove on the auditor's own machine. */
export function addAuditCommands(root: Command, run: Run): void {
  const audit = root.command('audit').description('prove what a ledger says, without trusting who keeps it');
  audit
    .command('verify')
    .description(
      'verify a bundle or a copied ledger folder, offline; its own exit codes: 0 sound, 1 tampered, 2 incomplete (or wrong arguments), 3 unreadable',
    )
    .argument('<path>', 'a bundle (plain or gzip), a folder of one log, or one with several')
    .option('--keys <file>', 'keys you trust, one per line, as audit keys prints them')
    .option('--checkpoint <file>', 'a checkpoint that you kept; may be given several times', oneMore)
    .option(
      '--receipt <receipt>',
      'a receipt that you kept: log/index/leafhash, JSON, or a file; may be given several times',
      oneMore,
    )
    .action((path, options, command) =>
      run(command, async (ctx) => (await import('../commands/audit-verify.ts')).auditVerify(ctx, path, options)),
    );
  addOnlineAuditCommands(audit, run);
}
