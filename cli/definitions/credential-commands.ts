import type { Command } from 'commander';
import type { Run } from './shared-options.ts';

/** Commands about the authenticators that people sign with. */
export function addCredentialCommands(root: Command, run: Run): void {
  const credential = root.command('credential').description('authenticators that people sign with').helpCommand(false);
  credential
    .command('ls')
    .description('your own; all of them for a risk officer, an SRE or an auditor')
    .action((_options, command) =>
      run(command, async (ctx) => (await import('../commands/credential.ts')).credentialList(ctx)),
    );
  credential
    .command('enrol')
    .description('register an authenticator of yours in your browser; another person then approves it')
    .option('--label <text>', 'what you call it, e.g. "office key"')
    .action((options, command) =>
      run(command, async (ctx) => (await import('../commands/credential-enrol.ts')).credentialEnrol(ctx, options)),
    );
  for (const [name, what, description] of [
    ['approve', 'approval', 'say that an authenticator is in the hands of the person it is enrolled for'],
    ['revoke', 'revocation', 'take an authenticator out of use for good: your own, or as risk officer or SRE'],
  ] as const)
    credential
      .command(name)
      .description(description)
      .argument('<credential>', 'its id')
      .action((id, _options, command) =>
        run(command, async (ctx) => (await import('../commands/credential.ts')).credentialDecide(ctx, id, what)),
      );
}
