import { type Command, Option } from 'commander';
import type { Run } from './shared-options.ts';

/** Commands for the time after a run (runbook 7). */
export function addReviewCommands(root: Command, run: Run): void {
  const review = root
    .command('review')
    .description('what was found when a run was over, and who has looked at it (runbook 7)')
    .helpCommand(false);
  const commands = () => import('../commands/review.ts');
  const of = (command: Command) =>
    command.argument('<run>', 'the run that is reviewed: a launch, or a kill or recovery that belongs to none');
  review
    .command('ls')
    .description('reviews, newest first')
    .option('--open', 'only those that are open')
    .action((options, command) => run(command, async (ctx) => (await commands()).reviewList(ctx, options)));
  of(review.command('show'))
    .description('the summary of a run with what people say of it')
    .action((id, _options, command) => run(command, async (ctx) => (await commands()).reviewShow(ctx, id)));
  of(review.command('annotate'))
    .description('add what you have to say to the summary (runbook 7.1), 64 kB at most')
    .addOption(new Option('--text <text>', 'in a sentence').conflicts('file'))
    .option('--file <path>', 'from a file')
    .action((id, options, command) => run(command, async (ctx) => (await commands()).reviewAnnotate(ctx, id, options)));
  of(review.command('close'))
    .description('you have looked at what was found: a risk officer or an SRE who did not ask for the run')
    .requiredOption('--note <text>', 'why nothing is left to do, for the ledger')
    .action((id, options, command) => run(command, async (ctx) => (await commands()).reviewClose(ctx, id, options)));
  review
    .command('digest')
    .description('what Compliance is told each week')
    .option('--week <week>', 'like 2026-W48; the one that is over last when left out')
    .action((options, command) => run(command, async (ctx) => (await commands()).reviewDigest(ctx, options)));
}
