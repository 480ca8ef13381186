import type { Command } from 'commander';
import type { Run } from './shared-options.ts';

/** Commands about archives of runs (runbook 4.5). */
export function addArchiveCommands(root: Command, run: Run): void {
  const archive = root.command('archive').description('archives of trading runs (runbook 4.5)').helpCommand(false);
  const commands = () => import('../commands/archive.ts');
  const RUN = ['<run>', 'a launch, or the stop, kill, resumption or review that belongs to it'] as const;
  archive
    .command('ls')
    .description('archives, newest first')
    .option('--strategy <id>', 'only of this strategy')
    .option('--date <date>', 'only of runs that were launched on this day (UTC), e.g. 2026-11-24')
    .action((options, command) => run(command, async (ctx) => (await commands()).archiveLs(ctx, options)));
  archive
    .command('get')
    .description('download an archive, every file checked against its manifest')
    .argument(...RUN)
    .option('--out <folder>', 'into this folder; without it, one named like the run')
    .action((id, options, command) => run(command, async (ctx) => (await commands()).archiveGet(ctx, id, options)));
  archive
    .command('verify')
    .description('recompute every digest, and compare the manifests with the ledger (exit 5 when one differs)')
    .argument(...RUN)
    .action((id, _options, command) => run(command, async (ctx) => (await commands()).archiveVerify(ctx, id)));
}
