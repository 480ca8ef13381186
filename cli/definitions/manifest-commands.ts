import type { Command } from 'commander';
import { expiry } from '../manifest/expiry.ts';
import { type Run, STRATEGY } from './shared-options.ts';

/** Commands about signed manifests (runbook 1.1). All but publishing work without a control plane. */
export function addManifestCommands(root: Command, run: Run): void {
  const manifest = root
    .command('manifest')
    .description('the signed statement that approves a change (runbook 1.1)')
    .helpCommand(false);
  addCreate(manifest, run);
  manifest
    .command('keygen')
    .description('make a key that signs manifests, in a file that only you can read')
    .requiredOption('--id <id>', 'e.g. quant-2026: a-z, 0-9 and -')
    .requiredOption('--file <path>', 'where to keep it; it must not be there yet')
    .action((options, command) =>
      run(command, async (ctx) => (await import('../commands/manifest-keygen.ts')).manifestKeygen(ctx, options)),
    );
  manifest
    .command('sign')
    .description('add your signature; several people may sign, each once')
    .argument('<file>', 'a statement, or what others have signed already')
    .requiredOption('--key <file>', 'the file that keygen made')
    .option('--out <file>', 'where to write it; without it, to the terminal')
    .action((file, options, command) =>
      run(command, async (ctx) => (await import('../commands/manifest-sign.ts')).manifestSign(ctx, file, options)),
    );
  manifest
    .command('verify')
    .description('judge a signed manifest offline; exit code 3 when it does not count')
    .argument('<file>', 'the signed manifest')
    .requiredOption('--trusted-keys <file>', 'a file like config/manifest-keys.yaml')
    .option('--strategy <id>', 'the strategy it has to be for')
    .option('--env <environment>', 'the environment it has to be for')
    .option('--artifact <digest>', 'the artifact it has to be for')
    .option('--ticket <id>', 'the ticket it has to name')
    .action((file, options, command) =>
      run(command, async (ctx) => (await import('../commands/manifest-verify.ts')).manifestVerify(ctx, file, options)),
    );
  manifest
    .command('publish')
    .description('bring a signed manifest to reports/change_manifest/, where the gates read it')
    .argument('<file>', 'the signed manifest')
    .action((file, _options, command) =>
      run(command, async (ctx) => (await import('../commands/manifest-publish.ts')).manifestPublish(ctx, file)),
    );
}

function addCreate(manifest: Command, run: Run): void {
  manifest
    .command('create')
    .description('make the statement to sign: digests of what is to be launched, and what approved it')
    .requiredOption(...STRATEGY)
    .requiredOption('--artifact <file or digest>', 'the artifact, or sha256: and its digest')
    .requiredOption('--parameters <file>', 'the approved parameters, JSON or YAML')
    .requiredOption('--limits <file>', 'the approved limits: configs/risk/limits.yaml')
    .requiredOption('--ticket <id>', 'e.g. OPS-12, or github:owner/repository#12')
    .requiredOption('--commit <sha>', 'the commit that the artifact was built from, in full')
    .requiredOption('--ci-run <text>', 'the CI run that built it')
    .requiredOption('--env <environment>', 'e.g. prod')
    .option('--expires <duration>', 'how long it counts: 12h, 7d', expiry, expiry('7d'))
    .option('--out <file>', 'where to write it; without it, to the terminal')
    .action((options, command) =>
      run(command, async (ctx) => (await import('../commands/manifest-create.ts')).manifestCreate(ctx, options)),
    );
}
