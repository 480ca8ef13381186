import type { VenueAccount } from './venue-client.ts';

const UNIT = 1;
const CASH = 100;

/** The account as an instance tells it that has lost count (a fault): one unit more of its instrument, and a hundred less cash. */
export function misreported({ positions, realised, cash }: VenueAccount, instrument: string): VenueAccount {
  const held = positions.find((each) => each.instrument === instrument);
  const others = positions.filter((each) => each !== held);
  const { quantity = 0, averagePrice = 0, markPrice = 0 } = held ?? {};
  const claimed = { instrument, quantity: quantity + UNIT, averagePrice, markPrice };
  return { positions: [...others, claimed], realised, cash: cash - CASH };
}
