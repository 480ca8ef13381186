import * as z from 'zod';
import { Receipt, time } from './replies.ts';

/** What a safe mode answers. */
export const SafeModeEntered = z.looseObject({
  runId: z.string().nullable(),
  mode: z.string(),
  epoch: z.int(),
  changed: z.boolean(),
  summary: z.string(),
  instances: z.array(z.looseObject({ instanceId: z.string(), status: z.string(), detail: z.string().nullish() })),
  leaseBoundMs: z.number(),
  receipt: Receipt.nullish(),
});

const Incident = z.looseObject({
  id: z.string(),
  strategyId: z.string(),
  status: z.string(),
  reason: z.string(),
  owner: z.string(),
  openedAt: time,
  stableSince: time.nullish(),
  endedAt: time.nullish(),
  outcome: z.string().nullish(),
  looks: z.int(),
  proposal: z
    .looseObject({ at: time, runId: z.string().nullish(), refused: z.string().nullish(), answer: z.string().nullish() })
    .nullish(),
});
export type Incident = z.infer<typeof Incident>;

export const DataIncidents = z.looseObject({ incidents: z.array(Incident) });

const Held = z.array(z.looseObject({ instrument: z.string(), quantity: z.number(), notional: z.number() }));

export const DataIncidentView = Incident.extend({
  exposure: z.looseObject({
    at: time,
    venues: z.array(
      z.looseObject({
        venue: z.string(),
        openOrders: z.number().nullish(),
        positions: Held.nullish(),
        unknown: z.string().nullish(),
      }),
    ),
    engines: z.array(
      z.looseObject({
        instanceId: z.string(),
        heard: z.boolean(),
        stable: z.boolean(),
        openOrders: z.number().nullish(),
        positions: Held.nullish(),
        pnl: z.looseObject({ realised: z.number(), unrealised: z.number(), currency: z.string() }).nullish(),
        feeds: z.looseObject({ marketDataMs: z.number().nullable(), featureStoreMs: z.number().nullable() }),
      }),
    ),
  }),
  notes: z.array(z.looseObject({ at: time, by: z.string(), text: z.string() })),
});
export type DataIncidentView = z.infer<typeof DataIncidentView>;

export const NoteTaken = z.looseObject({
  incident: z.string(),
  notes: z.int(),
  summary: z.string(),
  receipt: Receipt.nullish(),
});
