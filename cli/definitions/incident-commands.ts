import { type Command, Option } from 'commander';
import { CliError } from '../cli-error.ts';
import type { RecoverOptions } from '../commands/recover.ts';
import type { Context } from '../context.ts';
import { moment } from '../ledger/moment.ts';
import { following, type Run, STRATEGY, signing, wholeNumber } from './shared-options.ts';

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
  addPostMortemCommands(root, run);
  following(root.command('recover'), 300)
    .description('the way back from a kill: two people sign, then launching is allowed again (runbook 5.1.4)')
    .option(...STRATEGY)
    .addOption(
      new Option('--scope <scope>', 'instead of a strategy: the killed scope, whose strategies stay killed').conflicts([
        'strategy',
        'acceptExposure',
        'ticket',
      ]),
    )
    .option('--accept-exposure <reason>', 'positions may stay open, and why; the two people sign them by instrument')
    .option('--ticket <id>', 'ticket of the incident')
    .action((options, command) => run(command, (ctx) => recoverWhat(ctx, options)));
}

type RecoverTarget = Omit<RecoverOptions, 'strategy'> & { readonly strategy?: string; readonly scope?: string };

async function recoverWhat(context: Context, { strategy, scope, ...options }: RecoverTarget): Promise<void> {
  const { recover, recoverScope } = await import('../commands/recover.ts');
  if (strategy !== undefined) return recover(context, { strategy, ...options });
  if (scope !== undefined) return recoverScope(context, { scope });
  throw new CliError('usage', 'recover what?', 'give --strategy <id>, or the --scope that was killed');
}

function addPostMortemCommands(root: Command, run: Run): void {
  const group = root.command('post-mortem').description('what a kill has taught (runbook 5.1.4)').helpCommand(false);
  const commands = () => import('../commands/post-mortem.ts');
  const of = (command: Command) => command.argument('<run>', 'id of the kill');
  of(group.command('draft'))
    .description('a file to fill in, with what the ledger knows')
    .option('--file <path>', 'where to write it; without it, to the terminal')
    .action((id, options, command) =>
      run(command, async (ctx) => (await commands()).postMortemDraft(ctx, id, options)),
    );
  of(group.command('submit'))
    .description('file the next version; sign-offs of earlier ones are void')
    .requiredOption('--file <path>', 'the file')
    .addOption(
      new Option('--service-owner <role>', 'the role in which the owner of the service signs').choices([
        'execution-trader',
        'quant',
      ]),
    )
    .action((id, options, command) =>
      run(command, async (ctx) => (await commands()).postMortemSubmit(ctx, id, options)),
    );
  signing(of(group.command('sign')))
    .description(
      'sign off the newest version, each in another role; --as takes incident-commander, service-owner or risk, too',
    )
    .action((id, options, command) => run(command, async (ctx) => (await commands()).postMortemSign(ctx, id, options)));
  of(group.command('show'))
    .description('the newest version, its actions and its sign-offs')
    .action((id, _options, command) => run(command, async (ctx) => (await commands()).postMortemShow(ctx, id)));
  of(group.command('action').description('corrective actions').helpCommand(false).command('done'))
    .description('a corrective action is done')
    .argument('<number>', 'its number in the post-mortem', wholeNumber)
    .requiredOption('--evidence <text>', 'what shows it')
    .action((id, number, options, command) =>
      run(command, async (ctx) => (await commands()).postMortemActionDone(ctx, id, number, options)),
    );
}
