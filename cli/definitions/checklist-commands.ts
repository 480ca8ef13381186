import type { Command } from 'commander';
import { type Run, wholeNumber } from './shared-options.ts';

/** Commands about the checklist of a run, and what people attest (runbook 8). */
export function addChecklistCommands(root: Command, run: Run): void {
  root
    .command('checklist')
    .description(
      'every item of the runbook for one run, computed from its evidence; exit code 1 when a box of section 8 is open',
    )
    .argument('<run>', 'a launch, or a run that belongs to one')
    .option('--open', 'only what is open')
    .option('--markdown', 'as a page, with all evidence')
    .option('--json', 'as JSON, with all evidence')
    .action((id, options, command) =>
      run(command, async (ctx) => (await import('../commands/checklist.ts')).checklist(ctx, id, options)),
    );
  root
    .command('attest')
    .description('state and sign what no machine can see of a run, or that the runbook is current: attest runbook')
    .argument('<about>', 'a run, or the word runbook')
    .argument('[item]', 'an item of the runbook, e.g. 7.2')
    .requiredOption('--statement <text>', 'what you state, in at most 2,000 characters')
    .option('--role <role>', 'in which of your roles')
    .option('--file <path>', 'the runbook as you have read it: refused when another one is deployed')
    .option('--yes', 'sign without being asked at the terminal')
    .option('--browser', 'sign on the signing page, also as a demo user who has an authenticator in software')
    .option('--detach', 'only ask for the signature')
    .option('--timeout <seconds>', 'wait for at most this long', wholeNumber, 120)
    .action((about, item, options, command) =>
      run(command, async (ctx) => (await import('../commands/attest.ts')).attest(ctx, about, item, options)),
    );
  root
    .command('attestations')
    .description('whether the runbook is attested, and the newest signed statements')
    .option('--run <id>', 'only those about this run')
    .action((options, command) =>
      run(command, async (ctx) => (await import('../commands/attest.ts')).attestations(ctx, options)),
    );
}
