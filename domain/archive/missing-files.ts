import type { RunId } from '../ids.ts';
import { OrdersTold } from './accepted-orders-file.ts';
import type { MissingFile } from './manifest.ts';

/** What the archive of a run is judged by. */
export type ArchiveFacts = {
  /** Everything that stands in its folder. */
  readonly paths: ReadonlySet<string>;
  /** Whether it was ever enabled: only then there is something to trade with and to settle. */
  readonly wasEnabled: boolean;
  /** Whether a stop settled it; what was killed is not settled. */
  readonly wasStopped: boolean;
  /** Executions that have ended: their histories belong here. */
  readonly ended: readonly RunId[];
  /** `orders.json` as it stands. */
  readonly ordersTold: unknown;
  readonly snapshots: number;
  readonly isLedgerWhole: boolean;
};

const OF_A_LAUNCH = ['deploy.log', 'smoke.json', 'preconditions.json', 'kill-path.json', 'go-no-go.json'];

/** What should be in the archive and is not, or not whole, each with why: named in the manifest, never left out silently. */
export function missingFiles(facts: ArchiveFacts): MissingFile[] {
  const { paths, wasEnabled, wasStopped, ended } = facts;
  const absent = (file: string, why: string): MissingFile[] => (paths.has(file) ? [] : [{ file, why }]);
  const settled = wasStopped ? 'the stop did not file it' : 'the run ended in a kill: nothing was settled';
  return [
    ...(wasEnabled ? OF_A_LAUNCH.flatMap((file) => absent(file, 'the launch did not file it')) : []),
    ...(wasEnabled ? ['settle.json', 'settle.log'].flatMap((file) => absent(file, settled)) : []),
    ...ended.flatMap((run) => absent(`executions/${run}.jsonl`, 'its history was not exported yet')),
    ...notTold(facts.ordersTold),
    ...(wasEnabled && facts.snapshots === 0
      ? [{ file: 'telemetry.jsonl', why: 'no minute of the run was kept: it traded for less than one' }]
      : []),
    ...(facts.isLedgerWhole
      ? []
      : [{ file: 'ledger', why: 'it is longer than 200,000 entries; the oldest of the run were not looked at' }]),
  ];
}

function notTold(stored: unknown): MissingFile[] {
  const { success, data } = OrdersTold.safeParse(stored);
  if (!success) return [{ file: 'orders.jsonl', why: 'orders.json does not say what the venues told' }];
  return data.venues.flatMap(({ venue, less }) =>
    less === undefined ? [] : [{ file: 'orders.jsonl', why: `${venue} told only a part: ${less}`.slice(0, 500) }],
  );
}
