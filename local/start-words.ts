import type { StrategyMode } from './host/strategy-modes.ts';
import { DEFAULT_DATA } from './start-options.ts';

type Greeting = { readonly url: string; readonly data: string; readonly modes: readonly StrategyMode[] };

/** Trading, or about to: what the engine gives up by itself when the lease ends. */
const needsLease = ['LAUNCHING', 'ACTIVE', 'THROTTLED', 'REDUCE_ONLY', 'STOPPING'];

/** What a person sees when everything answers: where to look, and what to type next in a second terminal. */
export function greeting({ url, data, modes }: Greeting): string {
  const cli = (text: string) => `npx tradepulse-cli ${text}${data === DEFAULT_DATA ? '' : ` --data ${data}`}`;
  const id = (modes.find(({ mode }) => mode === 'OFF') ?? modes[0])?.id ?? 'btc-momentum';
  const commands: readonly (readonly [command: string, what: string])[] = [
    [cli('status --watch --as auditor'), 'watch everything'],
    [cli(`deploy --env prod --strategy ${id} --as trader`), 'launch: asks for two confirmations'],
    [cli(`approve --strategy ${id} --as trader`), 'the first person'],
    [cli(`approve --strategy ${id} --as risk`), 'the second, in another role'],
    [cli(`flag enable --strategy ${id} --as trader`), 'after go/no-go: it trades'],
    [cli('sim fault slow-venue'), 'something goes wrong (sim faults: all of them)'],
    [cli(`stop --strategy ${id} --as trader`), 'a planned stop, or'],
    [cli(`kill --strategy ${id} --reason drill --as risk`), 'the emergency: one person, at once'],
    [cli(`ledger ${id} --verify --as auditor`), 'who did what, proved by hashes'],
  ];
  const width = Math.max(...commands.map(([command]) => command.length));
  return [
    `✓ the control plane answers at ${url}; its state is in ${data}`,
    `  API: ${url}/docs    logs: ${data}/host.log, lambda.log, engine.log, venue.log`,
    `  ${modes.map(({ id: strategy, mode }) => `${strategy}: ${mode}`).join('    ')}`,
    ...wayBack(modes, data),
    '',
    'Next, in a second terminal (the demo users log in by themselves):',
    ...commands.map(([command, what]) => `  ${command.padEnd(width)}  # ${what}`),
    '',
    'Ctrl-C stops everything.',
  ].join('\n');
}

function wayBack(modes: readonly StrategyMode[], data: string): string[] {
  const killed = modes.filter(({ mode }) => mode === 'KILLED').map(({ id }) => id);
  if (killed.length === 0) return [];
  const again = `npm start -- --fresh${data === DEFAULT_DATA ? '' : ` --data ${data}`}`;
  return [`  ${killed.join(', ')} stays killed until people recover it; to begin anew here: ${again}`];
}

/** What state the strategies are left in. `undefined` when it could not be read. */
export function farewell(modes: readonly StrategyMode[] | undefined, data: string): string {
  const again = `npm start${data === DEFAULT_DATA ? '' : ` -- --data ${data}`}`;
  const lines = (modes ?? []).map(({ id, mode }) => `  ${id}: ${mode}${needsLease.includes(mode) ? leftAlone : ''}`);
  return ['✓ stopped', ...lines, `  everything is kept in ${data}; go on with: ${again}`].join('\n');
}

const leftAlone = ', without an engine: its orders were cancelled, its lease ends, and the next start finds it SAFE';
