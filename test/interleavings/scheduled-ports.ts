import type { Ports } from '../../domain/ports/ports.ts';
import type { RecoverPorts } from '../../domain/recover/look-at-safety.ts';
import type { FakeAppConfig, Turn } from '../fakes/fake-app-config.ts';
import type { World } from '../fakes/world.ts';

export type RacePorts = World['ports'] & Omit<RecoverPorts, keyof World['ports']>;

const PORTS = [
  'strategies',
  'records',
  'ledger',
  'refusals',
  'spool',
  'executions',
  'evidence',
  'engines',
  'venues',
] as const;

/**
 * The ports as one party of a race has them: every call of a port waits for its turn before it does anything, named after the
 * party, and `look` sees the world right after it was done.
 */
export function scheduledPorts(
  party: string,
  base: RacePorts,
  appConfig: FakeAppConfig,
  turn: Turn,
  look: () => void,
): RacePorts {
  const took: Turn = (what) => turn(`${party}: ${what}`);
  const scheduled = Object.fromEntries(PORTS.map((name) => [name, eachCall(base[name], name, took, look)]));
  const publish: Ports['bus']['publish'] = async (type, detail) => {
    await took('bus.publish');
    await base.bus.publish(type, detail);
  };
  const jitter = () => took('jitter');
  return {
    ...base,
    ...(scheduled as Partial<RacePorts>),
    flags: appConfig.flags(took, (what) => turn(`AppConfig: ${what}`)),
    bus: { publish },
    jitter,
  };
}

/** Anything with methods that answer promises, each of which begins when it is its turn. */
export function eachCall<Port extends object>(port: Port, name: string, turn: Turn, look: () => void): Port {
  return new Proxy(port, {
    get(target, member) {
      const value: unknown = Reflect.get(target, member);
      if (typeof value !== 'function') return value;
      return async (...given: unknown[]) => {
        await turn(`${name}.${String(member)}`);
        const answer: unknown = await value.apply(target, given);
        look();
        return answer;
      };
    },
  });
}
