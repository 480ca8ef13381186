import { cancelHalt } from '../../../domain/planned-halt/cancel-halt.ts';
import { readSchedule, scheduleHalt } from '../../../domain/planned-halt/schedule-halt.ts';
import { messagesIn } from '../../fakes/told.ts';
import { RUN, risk, STRATEGY, stateOf, trader, type World } from '../../fakes/world.ts';

export const LONDON = { at: '16:35', timeZone: 'Europe/London' };
export const live = (made: World) =>
  made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'ACTIVE', epoch: 4, run: { id: RUN, ticket: 'TP-1' } });
export const halts = async ({ store }: World) => (await store.get('PLANNEDHALT', STRATEGY))?.halts ?? [];
export const statuses = async (made: World) => (await halts(made)).map(({ status }) => status);
export const told = (made: World) =>
  messagesIn(made)
    .map(({ trigger }) => trigger)
    .toSorted();
export const planned = (made: World, request: object = LONDON, key = 'key-1') =>
  scheduleHalt({ caller: trader, strategyId: STRATEGY, key, request: readSchedule(request) }, made.ports);
export const cancelled = (made: World, haltId: string, key = 'cancel-1') =>
  cancelHalt({ caller: risk, strategyId: STRATEGY, haltId, key, request: { reason: 'not today' } }, made.ports);
