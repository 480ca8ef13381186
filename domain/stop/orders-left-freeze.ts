import type { StrategyId } from '../ids.ts';

/** The freeze that stands for the orders which a stop of the strategy has left, until they are gone. */
export const ordersLeftFreeze = (strategyId: StrategyId): string => `orders-left-${strategyId}`;
