import { parseArgs } from 'node:util';
import { type FileContent, given, parseConfig, readConfigFile } from '../program/read-config.ts';
import { EngineConfig } from './engine-config.ts';

const text = { type: 'string' } as const;
const OPTIONS = {
  config: text,
  port: text,
  'fault-port': text,
  'public-url': text,
  'control-plane': text,
  'token-url': text,
  'command-key': text,
  'kill-key': text,
  artifacts: text,
  data: text,
  instance: { type: 'string', multiple: true },
  'client-id': text,
  'client-secret': text,
  'venue-url': text,
  'venue-key': text,
} as const;

/** What the command line and the configuration file say together; flags win. `--instance ID:STRATEGY:VENUE` replaces the file's instances. */
export function engineOptions(args: readonly string[]): EngineConfig {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const flags = given({
    port: numberOf(values.port),
    faultPort: numberOf(values['fault-port']),
    publicUrl: values['public-url'],
    controlPlane: values['control-plane'],
    tokenUrl: values['token-url'],
    commandKey: values['command-key'],
    killKey: values['kill-key'],
    artifacts: values.artifacts,
    data: values.data,
    instances: values.instance?.map((each) => instanceOf(each, values)),
  });
  return parseConfig(EngineConfig, { ...readConfigFile(values.config), ...flags });
}

const numberOf = (value: string | undefined): number | undefined => (value === undefined ? undefined : Number(value));

type Shared = { 'client-id'?: string; 'client-secret'?: string; 'venue-url'?: string; 'venue-key'?: string };

function instanceOf(value: string, shared: Shared): FileContent {
  const [instanceId, strategyId, venue] = value.split(':');
  if (!instanceId || !strategyId || !venue)
    throw new Error(`--instance ${value} is not ID:STRATEGY:VENUE, e.g. btc-momentum-1:btc-momentum:XSIM`);
  return {
    instanceId,
    strategyId,
    venue: { id: venue, url: `${shared['venue-url']}/${venue}`, key: shared['venue-key'] },
    ...given({ clientId: shared['client-id'], clientSecret: shared['client-secret'] }),
  };
}
