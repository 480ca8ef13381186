import type { Command } from 'commander';
import { following, type Run, signing } from './shared-options.ts';

/** What waits for people, and their answers. `approve` is the same as `approvals sign`, and as old as the runbook. */
export function addApprovalCommands(root: Command, run: Run): void {
  const approvals = root.command('approvals').description('questions that wait for signatures');
  approvals
    .command('list', { isDefault: true })
    .description('what waits for signatures, with the commands that give them')
    .option('--strategy <id>', 'only of this strategy')
    .option('--all', 'decided ones too')
    .action((options, command) =>
      run(command, async (ctx) => (await import('../commands/approvals.ts')).approvals(ctx, options)),
    );
  approvals
    .command('show')
    .description(
      'one question, whole: the exact document, its digest, what is new, who has signed, and whether it stands',
    )
    .argument('<approval>', 'id of the approval')
    .action((id, _options, command) =>
      run(command, async (ctx) => (await import('../commands/show-approval.ts')).approvalShow(ctx, id)),
    );
  approving(approvals, run, 'sign').description('read and sign what a launch or a kill asks for (runbook 2.3, 5.1.2)');
  following(approvals.command('decline'), 120)
    .description('say no: one is enough, and it needs no signature')
    .argument('<approval>', 'id of the approval')
    .requiredOption('--reason <text>', 'why, for the ledger and for whoever asked')
    .option('--yes', 'decline without being asked at the terminal')
    .action((id, options, command) =>
      run(command, async (ctx) =>
        (await import('../commands/approve.ts')).approve(ctx, [id], { ...options, decline: true }),
      ),
    );
  approving(root, run, 'approve').description('the same as approvals sign');
}

const approving = (parent: Command, run: Run, name: string) =>
  signing(parent.command(name))
    .argument('[approvals...]', 'id of the approval; several launches are signed with one signature')
    .option('--strategy <id>', 'instead of the id: the open approval of this strategy')
    .action((ids, options, command) =>
      run(command, async (ctx) => (await import('../commands/approve.ts')).approve(ctx, ids, options)),
    );
