/** Path of one collection of a strategy in the API, e.g. `/v1/strategies/btc-momentum/kills`. Any id is let through: the server knows which exist. */
export const strategyPath = (strategyId: string, collection?: string): string =>
  ['/v1/strategies', encodeURIComponent(strategyId), ...(collection ? [collection] : [])].join('/');
