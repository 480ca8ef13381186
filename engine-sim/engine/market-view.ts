import { flowOf } from './flow-settings.ts';
import type { InstanceCore } from './instance-core.ts';
import type { VenueBar, VenueClient, VenueQuote } from './venue-client.ts';

/** What the instance knows of the market, and when it last learned it. */
export type MarketView = {
  /** The newest price of the traded instrument; nothing while the venue is closed, in a gap, or when the price is old. */
  quote(): { bid: number; ask: number } | undefined;
  /** Closes of recorded minutes, oldest first. */
  closes(): readonly number[];
  /** ISO times of the last success: the price feed, and the features made of recorded minutes. */
  seen(): { marketData?: string; featureStore?: string };
  /** Asks the feed once. Throws what it could not answer. */
  refresh(): Promise<void>;
};

const OLD_MS = 2_000;
const BARS_EVERY_MS = 5_000;
const BARS = 60;

export function marketView(core: InstanceCore, venue: VenueClient, thawed: () => Promise<void>): MarketView {
  const seen: { marketData?: string; featureStore?: string } = {};
  let latest: { reply: VenueQuote; at: number } | undefined;
  let bars: { list: readonly VenueBar[]; at: number } = { list: [], at: Number.NEGATIVE_INFINITY };
  const iso = () => new Date(core.now().wall).toISOString();

  const refreshQuote = async (instrument: string) => {
    const at = core.now().elapsed;
    const reply = await venue.quote(instrument);
    await thawed();
    latest = { reply, at };
    seen.marketData = iso();
  };
  const refreshBars = async (instrument: string) => {
    const at = core.now().elapsed;
    if (at - bars.at >= BARS_EVERY_MS) bars = { list: await venue.bars(instrument, BARS), at };
    seen.featureStore = iso();
  };

  return {
    quote() {
      if (!latest?.reply.open || !latest.reply.quote || core.now().elapsed - latest.at > OLD_MS) return undefined;
      const { bid, ask } = latest.reply.quote;
      return { bid, ask };
    },
    closes: () => bars.list.map(({ close }) => close),
    seen: () => ({ ...seen }),
    async refresh() {
      const { loaded } = core.state();
      const { instrument } = flowOf(loaded?.parameters, loaded?.limits);
      await Promise.all([refreshQuote(instrument), refreshBars(instrument)]);
    },
  };
}
