import type { Command } from 'commander';
import { type Run, wholeNumber } from './shared-options.ts';

const KEYS = [
  '--keys <file>',
  'keys that you wrote down, one to a line; without it the control plane vouches for itself',
] as const;

/** Commands that give an auditor something to keep and verify elsewhere: they need the control plane, unlike `audit verify`. */
export function addOnlineAuditCommands(audit: Command, run: Run): void {
  audit
    .command('export')
    .description('write a bundle of a log, which anybody can verify without us')
    .requiredOption('--log <log>', 'a strategy, desk, or access')
    .requiredOption('--out <file>', 'where to write it, e.g. btc-momentum.jsonl.gz; never over a file that is there')
    .option('--from <index>', 'first entry to show', wholeNumber, 0)
    .option('--to <index>', 'first entry not to show any more; without it, all that are signed', wholeNumber)
    .option('--ticket <id>', 'show the entries of this ticket only')
    .action((options, command) =>
      run(command, async (ctx) => (await import('../commands/audit-export.ts')).auditExport(ctx, options)),
    );
  audit
    .command('receipt')
    .description('prove that the entry of a receipt stands in the log, under the newest checkpoint')
    .argument('<receipt>', 'log/index/leafhash, its JSON, or a file that holds one, e.g. a kept reply')
    .option(...KEYS)
    .option('--wait <seconds>', 'wait so long for a checkpoint that covers it', wholeNumber, 10)
    .action((receipt, options, command) =>
      run(command, async (ctx) => (await import('../commands/audit-receipt.ts')).auditReceipt(ctx, receipt, options)),
    );
  audit
    .command('checkpoint')
    .description('print the newest signed checkpoint of a log, to be kept elsewhere')
    .argument('<log>', 'a strategy, desk, or access')
    .option('--held <file>', 'a checkpoint that you kept: prove that the log has only grown since')
    .option(...KEYS)
    .action((log, options, command) =>
      run(command, async (ctx) => (await import('../commands/audit-checkpoint.ts')).auditCheckpoint(ctx, log, options)),
    );
  audit
    .command('keys')
    .description('print the keys that sign checkpoints, to be written down')
    .action((_options, command) =>
      run(command, async (ctx) => (await import('../commands/audit-keys.ts')).auditKeys(ctx)),
    );
}
