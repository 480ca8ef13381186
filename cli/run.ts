import { type Command, CommanderError } from 'commander';
import { CliError } from './cli-error.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { ExitWith } from './exit-with.ts';
import { type Format, output } from './output/output.ts';
import { program } from './program.ts';
import type { Surroundings } from './surroundings.ts';

/** Runs one command line and says with which code the process shall end. Never throws: a fault is told like any other error. */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const root = program(surroundings);
  quiet(root, surroundings);
  try {
    await root.parseAsync(withIdsLast(args), { from: 'user' });
    return EXIT_CODES.ok[0];
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.ok[0] : EXIT_CODES.usage[0];
    if (error instanceof ExitWith) return error.exitCode;
    const failure = asCliError(error);
    output(root.opts<{ output: Format }>().output, surroundings).failure(failure);
    return failure.exitCode;
  }
}

/** An id of an authenticator (base64url) may begin with a hyphen, which no option of ours of that length does. */
const ID_LIKE_AN_OPTION = /^-(?!-)[\w-]{20,}$/;

/** Puts such ids behind `--`, where nothing is taken for an option: nobody should have to know that to revoke theirs. */
function withIdsLast(args: readonly string[]): readonly string[] {
  const ids = args.filter((arg) => ID_LIKE_AN_OPTION.test(arg));
  if (ids.length === 0 || args.includes('--')) return args;
  return [...args.filter((arg) => !ids.includes(arg)), '--', ...ids];
}

/** Commander writes where the surroundings say, and throws instead of ending the process. */
function quiet(command: Command, surroundings: Surroundings): void {
  const { stdout, stderr } = surroundings;
  command.exitOverride();
  command.configureOutput({
    writeOut: (text) => void stdout.write(text),
    writeErr: (text) => void stderr.write(text),
    outputError: (text, write) => write(`✖ ${text.replace(/^error: /, '')}`),
  });
  for (const each of command.commands) quiet(each, surroundings);
}

function asCliError(error: unknown): CliError {
  if (error instanceof CliError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new CliError(
    'fault',
    `this should not have happened: ${message}`,
    'please report it with the command you ran',
    { code: 'Fault', cause: error },
  );
}
