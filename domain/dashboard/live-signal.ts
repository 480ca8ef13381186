import * as z from 'zod';

/** What go/no-go can measure of an engine instance; ages in milliseconds, at the moment at which the instance told them. */
export const LiveSignal = z.enum([
  'acknowledgements-healthy',
  'acknowledgement-p95-ms',
  'queue-backlog',
  'lease-age-ms',
  'heartbeat-market-data-ms',
  'heartbeat-feature-store-ms',
  'heartbeat-execution-gateway-ms',
  'heartbeat-order-acknowledgements-ms',
  'heartbeat-risk-service-ms',
]);
export type LiveSignal = z.infer<typeof LiveSignal>;
