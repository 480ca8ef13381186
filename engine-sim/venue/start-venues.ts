import { generatedMarket } from '../market/generated-market.ts';
import type { MarketFeed } from '../market/market-feed.ts';
import { readRecording } from '../market/read-recording.ts';
import { recordedMarket } from '../market/recorded-market.ts';
import { faultPanel } from '../program/fault-panel.ts';
import { listen } from '../program/listen.ts';
import type { Program } from '../program/run-program.ts';
import { venueApp } from './venue-app.ts';
import type { VenueConfig, VenueSettings } from './venue-config.ts';
import { VENUE_FAULTS, type VenuePorts, venueDesk } from './venue-desk.ts';

const TICK_MS = 100;

/** Starts all venues of a configuration behind one port, with their fault panel on another. */
export async function startVenues({ port, faultPort, venues }: VenueConfig, ports: VenuePorts): Promise<Program> {
  const faults = faultPanel(
    VENUE_FAULTS,
    venues.map(({ id }) => id),
  );
  const hosted = venues.map((settings) => ({
    settings,
    desk: venueDesk(settings, feedOf(settings, ports.now), faults, ports),
  }));
  const app = venueApp(hosted, ports.log);
  const server = await listen((request) => app.fetch(request), port);
  const panel = await listen((request) => faults.app.fetch(request), faultPort);
  const market = setInterval(() => {
    for (const { desk } of hosted) desk.tick();
  }, TICK_MS);
  return {
    url: server.url,
    faultUrl: panel.url,
    async close() {
      clearInterval(market);
      await Promise.all([server.close(), panel.close()]);
    },
  };
}

function feedOf({ instruments, session, marketData, seed }: VenueSettings, now: () => number): MarketFeed {
  if (!marketData) return generatedMarket({ seed, instruments, session, now });
  const [first] = instruments;
  return recordedMarket({
    instrument: first?.symbol ?? 'UNKNOWN',
    rows: readRecording(marketData.file),
    speed: marketData.speed,
    now,
  });
}
