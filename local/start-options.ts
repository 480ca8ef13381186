import { parseArgs } from 'node:util';

export const DEFAULT_DATA = '.tradepulse';
const DEFAULT_PORT = 4510;

export type StartOptions = {
  readonly data: string;
  readonly port: number;
  readonly fresh: boolean;
  /** One JSON line when everything answers, nothing for people: for programs that start a host. */
  readonly json: boolean;
  /** The output folder of another `cdk synth`; undefined means `cdk.out`. */
  readonly template: string | undefined;
  readonly help: boolean;
};

export const USAGE = `Usage: npm start -- [options]

Runs the control plane with a simulated trading engine and venues on this machine, until Ctrl-C.

  --data DIR   folder that holds all of its state (default: ${DEFAULT_DATA})
  --port N     port on 127.0.0.1; the simulation takes the next two (default: ${DEFAULT_PORT}; 0: any free ones)
  --fresh      empty the folder first
  --json       print one line of JSON when ready, for programs
  --template DIR   run what another 'cdk synth --output DIR' wrote, e.g. for other strategies
  --help       print this

TRADEPULSE_DYNAMODB_ENDPOINT names a DynamoDB-compatible server of your own, where none is shipped for your machine.`;

/** Reads the command line. Throws a sentence for people when it cannot be understood. */
export function startOptions(args: readonly string[]): StartOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string', default: DEFAULT_DATA },
      port: { type: 'string', default: String(DEFAULT_PORT) },
      fresh: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      template: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.data.trim() === '') throw new Error('--data needs the name of a folder');
  return { ...values, template: values.template, port: portOf(values.port) };
}

/** The simulation takes the two ports above, so the largest that can be asked for is 65533. */
function portOf(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_533) return port;
  throw new Error(`--port ${text} is not a port: give a number from 1 to 65533, or 0 for any free one`);
}
