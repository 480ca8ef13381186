import { join } from 'node:path';
import type { Host } from './host/start-host.ts';
import { startHost } from './host/start-host.ts';
import type { StrategyMode } from './host/strategy-modes.ts';
import { type StartOptions, startOptions, USAGE } from './start-options.ts';
import { farewell, greeting } from './start-words.ts';

/** `npm start`: runs the local control plane until it is asked to stop, and says with which code the process shall end. */
export async function start(args: readonly string[]): Promise<number> {
  let options: StartOptions;
  try {
    options = startOptions(args);
  } catch (error) {
    console.error(`✖ ${textOf(error)}\n\n${USAGE}`);
    return 2;
  }
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  try {
    return await serve(options);
  } catch (error) {
    console.error(`✖ the local control plane did not start: ${textOf(error)}`);
    return 1;
  }
}

async function serve({ data, port, fresh, json, template }: StartOptions): Promise<number> {
  const asked = askedToStop(); // from the first moment: nothing that was started may be left behind
  const host = await startHost({
    root: join(import.meta.dirname, '..'),
    template,
    dataPath: data,
    port,
    fresh,
    dynamoDbEndpoint: process.env['TRADEPULSE_DYNAMODB_ENDPOINT'],
    onProblem: (what) => console.error(`! ${what}`),
  });
  if (json) console.log(JSON.stringify({ url: host.url, data: host.dataPath }));
  else console.log(greeting({ url: host.url, data, modes: (await modesOf(host)) ?? [] }));
  await asked;
  if (!json) console.log('\n▶ stopping: the engine first, which cancels what rests');
  const modes = await modesOf(host);
  await host.stop();
  if (!json) console.log(farewell(modes, data));
  return 0;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const SAME_KEYSTROKE_MS = 1000;

/**
 * Resolves at the first Ctrl-C, SIGTERM, or when the terminal is closed. npm hands on to us what the terminal has sent us
 * already, so signals of the next second are the same one; a Ctrl-C after that ends the process at once.
 */
function askedToStop(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const take = () => {
    resolve();
    setTimeout(() => SIGNALS.forEach((signal) => void process.off(signal, take)), SAME_KEYSTROKE_MS).unref();
  };
  for (const signal of SIGNALS) process.on(signal, take);
  return promise;
}

/** The modes, to be told; none when the store does not answer, which must not keep anything from going on or from stopping. */
async function modesOf(host: Host): Promise<readonly StrategyMode[] | undefined> {
  try {
    return await host.modes();
  } catch (error) {
    console.error(`! the modes of the strategies could not be read: ${textOf(error)}`);
    return undefined;
  }
}

const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
