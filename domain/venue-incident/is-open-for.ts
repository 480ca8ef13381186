import { isTrading } from '../monitor/rules/told.ts';
import type { Strategy } from '../strategy.ts';
import type { VenueIncident } from './venue-incident.ts';

/** Whether the incident still says something of what trades now: it is open, and the run that traded then goes on. */
export const isOpenFor = ({ status, tradingRun }: VenueIncident, { mode, run }: Strategy): boolean =>
  status === 'open' && isTrading(mode) && tradingRun === run?.id;
