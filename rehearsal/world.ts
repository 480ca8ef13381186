import { type CliResult, tradepulseCli } from './cli-process.ts';
import type { LocalHost } from './local-host.ts';
import { type Observer, observer } from './observe.ts';

/** What the steps of a rehearsal act on: the command line as different people, and independent eyes. */
export type World = {
  readonly host: LocalHost;
  readonly strategy: string;
  readonly observe: Observer;
  /** Runs a command that has to succeed; refuses with what it said when it does not. */
  cli(...args: string[]): Promise<CliResult>;
  /** Runs a command that has to be refused with exactly this exit code. */
  refused(exitCode: number, ...args: string[]): Promise<CliResult>;
};

/** The world of one strategy on one host. */
export async function world(host: LocalHost, strategy: string): Promise<World> {
  const expecting = async (exitCode: number, args: string[]) => {
    const result = await tradepulseCli(host.data, args);
    if (result.code === exitCode) return result;
    throw new Error(
      `tradepulse-cli ${args.join(' ')} ended with ${result.code}, expected ${exitCode}:\n${result.words.trim()}`,
    );
  };
  return {
    host,
    strategy,
    observe: await observer(host, strategy),
    cli: (...args) => expecting(0, args),
    refused: (exitCode, ...args) => expecting(exitCode, args),
  };
}
