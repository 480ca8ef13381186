import { Policy } from '../../domain/registration.ts';

/** What people have agreed for one strategy, as `config/strategies.yaml` says it: the very schema that registering holds it to. */
export const StrategyPolicy = Policy;
