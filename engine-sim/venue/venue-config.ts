import * as z from 'zod';
import { TradingSession } from '../market/trading-session.ts';

const secret = z.string().min(8, 'a key has at least 8 characters');

export const VenueInstrument = z.strictObject({
  symbol: z.string().min(1).max(40),
  price: z.number().positive(),
  spreadBps: z.number().min(0).default(1),
  volatilityBps: z.number().min(0).default(8),
});

const DEFAULT_INSTRUMENTS: Record<string, z.infer<typeof VenueInstrument>[]> = {
  XSIM: [
    { symbol: 'BTC-USD', price: 60_000, spreadBps: 1, volatilityBps: 8 },
    { symbol: 'ETH-USD', price: 3_000, spreadBps: 1, volatilityBps: 10 },
  ],
  XSIF: [{ symbol: 'EUR-USD', price: 1.08, spreadBps: 0.5, volatilityBps: 2 }],
};
const WEEKDAYS: TradingSession['days'] = ['MON', 'TUE', 'WED', 'THU', 'FRI'];
const DEFAULT_SESSIONS: Record<string, TradingSession> = {
  XSIF: { timeZone: 'America/New_York', days: WEEKDAYS, open: '08:00', close: '17:00' },
};

/** One simulated venue. Trading keys may do everything, control keys may read and cancel. `sessions: null` is always open. */
export const VenueSettings = z
  .strictObject({
    id: z.string().regex(/^[A-Z0-9]{1,12}$/, 'a venue id is up to 12 capitals and digits'),
    tradingKeys: z.array(secret).min(1),
    controlKeys: z.array(secret).min(1),
    instruments: z.array(VenueInstrument).min(1).optional(),
    sessions: TradingSession.nullable().optional(),
    marketData: z.strictObject({ file: z.string(), speed: z.number().positive().max(10_000).default(1) }).optional(),
    seed: z.string().default('tradepulse'),
    ackLatencyMs: z.number().min(0).default(4),
  })
  .transform(({ instruments, sessions, ...venue }, context) => {
    const known = instruments ?? DEFAULT_INSTRUMENTS[venue.id];
    if (!known) context.addIssue(`${venue.id} has no built-in instruments: give it some`);
    const session = sessions === undefined ? DEFAULT_SESSIONS[venue.id] : (sessions ?? undefined);
    return { ...venue, instruments: known ?? [], session };
  });
export type VenueSettings = z.infer<typeof VenueSettings>;

export const VenueConfig = z.strictObject({
  port: z.int().min(0).max(65_535).default(4512),
  faultPort: z.int().min(0).max(65_535).default(0),
  venues: z.array(VenueSettings).min(1),
});
export type VenueConfig = z.infer<typeof VenueConfig>;
