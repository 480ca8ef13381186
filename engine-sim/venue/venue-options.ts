import { parseArgs } from 'node:util';
import { given, parseConfig, readConfigFile } from '../program/read-config.ts';
import { VenueConfig } from './venue-config.ts';

/** What the command line and the configuration file say together; flags win. `--market-data` goes to the first venue, or to the one in `VENUE=FILE`. */
export function venueOptions(args: readonly string[]): VenueConfig {
  const { values } = parseArgs({
    args: [...args],
    options: {
      config: { type: 'string' },
      port: { type: 'string' },
      'fault-port': { type: 'string' },
      venue: { type: 'string', multiple: true },
      'trading-key': { type: 'string' },
      'control-key': { type: 'string' },
      'market-data': { type: 'string' },
      speed: { type: 'string' },
      seed: { type: 'string' },
    },
  });
  const file = readConfigFile(values.config);
  const listed = Array.isArray(file['venues']) ? file['venues'] : (values.venue ?? ['XSIM']).map((id) => ({ id }));
  const keys = given({
    tradingKeys: listOf(values['trading-key']),
    controlKeys: listOf(values['control-key']),
    seed: values.seed,
  });
  const venues = listed.map((venue: object) => ({ ...venue, ...keys }));
  const ports = given({ port: numberOf(values.port), faultPort: numberOf(values['fault-port']) });
  return parseConfig(VenueConfig, {
    ...file,
    ...ports,
    venues: withRecording(venues, values['market-data'], numberOf(values.speed)),
  });
}

const listOf = (key: string | undefined): string[] | undefined => (key === undefined ? undefined : [key]);
const numberOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

function withRecording(
  venues: readonly object[],
  recording: string | undefined,
  speed: number | undefined,
): readonly object[] {
  if (recording === undefined) return venues;
  const [venue, file] = recording.includes('=') ? recording.split('=', 2) : [undefined, recording];
  const chosen = venue === undefined ? venues[0] : venues.find((each) => 'id' in each && each.id === venue);
  if (!chosen) throw new Error(`--market-data names ${venue}, which is none of the venues`);
  return venues.map((each) => (each === chosen ? { ...each, marketData: { file, ...given({ speed }) } } : each));
}
