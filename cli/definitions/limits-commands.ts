import type { Command } from 'commander';
import { type Run, STRATEGY } from './shared-options.ts';

/** Commands about the approved exposure (runbook 1.4). */
export function addLimitsCommands(root: Command, run: Run): void {
  const limits = root
    .command('limits')
    .description('the approved exposure: configs/risk/limits.yaml (runbook 1.4)')
    .helpCommand(false);
  const commands = () => import('../commands/limits.ts');
  limits
    .command('show')
    .description('what is approved, stored, and enforced by each engine')
    .requiredOption(...STRATEGY)
    .action((options, command) => run(command, async (ctx) => (await commands()).limitsShow(ctx, options)));
  limits
    .command('diff')
    .description('the same field by field, where it differs; exit code 0 when it is the same everywhere, 1 when not')
    .requiredOption(...STRATEGY)
    .option('--file <path>', 'a limits file to compare with')
    .action((options, command) => run(command, async (ctx) => (await commands()).limitsDiff(ctx, options)));
  limits
    .command('apply')
    .description('propose a limits file to two people; once both have signed, the same command stores it')
    .requiredOption(...STRATEGY)
    .requiredOption('--file <path>', 'the whole file, changed for this strategy alone')
    .requiredOption('--reason <text>', 'why, for those who sign and for the ledger')
    .action((options, command) => run(command, async (ctx) => (await commands()).limitsApply(ctx, options)));
}
