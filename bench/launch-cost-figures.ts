import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { Figure } from './figure.ts';
import { LIST_PRICES } from './list-prices.ts';

const ASSEMBLY = 'cdk.out';
const MACHINE = 'statemachines/launch.asl.json';

/** What each step is counted with, more than was seen (21 entries of 1.8 kB): time to answer, its log lines, one write of state, entry and command. */
const STEP = { billedMs: 1_000, logBytes: 1_500, transactionKilobytes: 8, readKilobytes: 16 };
/** Two signatures, the flip, the plan and the launch itself, each with the questions asked before it. */
const REQUESTS = 20;
/** Each instance is told to load, to smoke, to probe thrice, to halt and to arm; the change event and a checkpoint for each important entry. */
const SIGNATURES = 30;
/** deploy.log, smoke.json, kill-path.json, go-no-go.json and gates.json, and ten checkpoints of three objects. */
const OBJECTS = 35;
/** Readers that receive the configuration because it changed: the step that reads it back, the one that confirms, and the lease function. */
const CONFIGURATIONS = 3;

const State = z.looseObject({
  Branches: z.array(z.looseObject({ States: z.record(z.string(), z.unknown()) })).optional(),
});
const Machine = z.looseObject({ States: z.record(z.string(), State) });
const Step = z.object({
  Type: z.literal('AWS::Lambda::Function'),
  Properties: z.object({ Architectures: z.tuple([z.enum(['arm64', 'x86_64'])]), MemorySize: z.number() }),
});
const Template = z.object({ Resources: z.record(z.string(), z.looseObject({ Type: z.string() })) });

/** What AWS asks for one launch that goes live, by the synthesized template, the states of its machine, and list prices. An upper bound: every state is counted, those that undo too. */
export async function launchCostFigures(): Promise<Figure[]> {
  const states = await statesOfLaunch();
  const functions = await functionsOfLaunch();
  const compute = functions.reduce((sum, each) => sum + priceOfCall(each), 0);
  const units = STEP.transactionKilobytes * 3 * LIST_PRICES.writeUnit + (STEP.readKilobytes / 4) * LIST_PRICES.readUnit;
  const around =
    REQUESTS * (LIST_PRICES.restRequest + LIST_PRICES.firewallRequest) +
    SIGNATURES * LIST_PRICES.eccSignature +
    OBJECTS * LIST_PRICES.putObject +
    CONFIGURATIONS * LIST_PRICES.configurationReceived;
  return [
    {
      name: 'AWS list price of a launch',
      value: states * LIST_PRICES.stateTransition + compute + functions.length * units + around,
      unit: '$',
      budget: 0.003,
      note: `${states} states, ${functions.length} functions of ${STEP.billedMs} ms, ${SIGNATURES} signatures, ${REQUESTS} requests; prices of 2026-11-26`,
    },
  ];
}

async function statesOfLaunch(): Promise<number> {
  const { States } = Machine.parse(JSON.parse(await readFile(MACHINE, 'utf8')));
  return Object.values(States).reduce(
    (sum, { Branches = [] }) =>
      sum + 1 + Branches.reduce((inner, branch) => inner + Object.keys(branch.States).length, 0),
    0,
  );
}

async function functionsOfLaunch(): Promise<z.infer<typeof Step>[]> {
  const file = (await readdir(ASSEMBLY)).find((name) => /^TradePulseLaunch\w+\.nested\.template\.json$/.test(name));
  if (!file) throw new Error(`there is no template of the launch in ${ASSEMBLY}: run npm run synth`);
  const { Resources } = Template.parse(JSON.parse(await readFile(join(ASSEMBLY, file), 'utf8')));
  const found = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
  return found.map((each) => Step.parse(each));
}

function priceOfCall({ Properties: { Architectures, MemorySize } }: z.infer<typeof Step>): number {
  const gigabyteSeconds = (MemorySize / 1024) * (STEP.billedMs / 1000);
  return (
    LIST_PRICES.lambdaRequest +
    gigabyteSeconds * LIST_PRICES.lambdaGigabyteSecond[Architectures[0]] +
    (STEP.logBytes / 1e9) * LIST_PRICES.logGigabyte
  );
}
