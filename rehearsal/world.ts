import { type CliResult, tradepulseCli } from './cli-process.ts';
import type { LocalHost } from './local-host.ts';
import { type Observer, observer } from './observe.ts';

/** What the steps of a rehearsal act on: the command line as different people, and independent eyes. */
export type World = {
  readonly host: LocalHost;
  readonly strategy: string;
  readonly observe: Observer;
  /** What one step leaves for those after it: the digest of the plan that was shown, the runs of the last launch and the last kill. */
  readonly notes: Map<'plan' | 'launch' | 'kill', string>;
  /** Runs a command that has to succeed; refuses with what it said when it does not. */
  cli(...args: string[]): Promise<CliResult>;
  /** Runs a command that has to be refused with exactly this exit code. */
  refused(exitCode: number, ...args: string[]): Promise<CliResult>;
  /** Runs a command that may end with any of these exit codes. */
  ending(exitCodes: readonly number[], ...args: string[]): Promise<CliResult>;
};

/** The world of one strategy on one host. */
export async function world(host: LocalHost, strategy: string): Promise<World> {
  const expecting = async (exitCodes: readonly number[], args: string[]) => {
    const result = await tradepulseCli(host.data, args);
    if (exitCodes.includes(result.code)) return result;
    throw new Error(
      `tradepulse-cli ${args.join(' ')} ended with ${result.code}, expected ${exitCodes.join(' or ')}:\n${result.words.trim()}`,
    );
  };
  return {
    host,
    strategy,
    observe: await observer(host, strategy),
    notes: new Map(),
    cli: (...args) => expecting([0], args),
    refused: (exitCode, ...args) => expecting([exitCode], args),
    ending: (exitCodes, ...args) => expecting(exitCodes, args),
  };
}
