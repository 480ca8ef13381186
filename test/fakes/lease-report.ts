import type { World } from './world.ts';

const COMPONENTS = ['marketData', 'featureStore', 'executionGateway', 'orderAcknowledgements', 'riskService'];

/** What a healthy engine says of itself when it renews its lease: nothing open, all components at work, and exactly what it loaded. */
export const leaseReport = ({ ports, engines }: Pick<World, 'ports' | 'engines'>): Record<string, unknown> => {
  const at = ports.now().toISOString();
  return { openOrders: 0, ...engines.attested, heartbeats: Object.fromEntries(COMPONENTS.map((each) => [each, at])) };
};
