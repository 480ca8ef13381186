import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { digestOf } from '../../../domain/ledger/digest.ts';
import { Calendars, registerCalendars } from '../../../domain/market/register-calendars.ts';
import { shippedCalendar, shippedCalendars } from '../../fakes/calendars.ts';
import { world } from '../../fakes/world.ts';

const all = shippedCalendars();

describe('registerCalendars', () => {
  it('stores each calendar under its code with its digest, and enters it in the ledger of the desk', async () => {
    const { ports, store } = world();

    const { summary } = await registerCalendars([shippedCalendar('XNYS')], 'v1', ports);

    const stored = await store.get('CALENDAR', 'XNYS');
    assert.equal(summary, '1 calendars registered');
    assert.deepEqual(
      [stored?.digest, stored?.calendar.name],
      [digestOf(shippedCalendar('XNYS')), 'New York Stock Exchange'],
    );
    assert.deepEqual(entriesOf(store), [['calendar.registered', 'XNYS', digestOf(shippedCalendar('XNYS')), undefined]]);
  });

  it('changes nothing when they are as they were, whatever the deployment', async () => {
    const { ports, store } = world();
    await registerCalendars(all, 'v1', ports);
    const { length } = store.storyOf('desk');

    await registerCalendars(all, 'v1', ports);
    await registerCalendars(all, 'v2', ports);

    assert.equal(store.storyOf('desk').length, length);
  });

  it('enters a change with the digest before it', async () => {
    const { ports, store } = world();
    const before = shippedCalendar('XNYS');
    const after = { ...before, name: 'NYSE' };
    await registerCalendars([before], 'v1', ports);

    await registerCalendars([after], 'v2', ports);
    await registerCalendars([before], 'v3', ports);

    assert.deepEqual(
      entriesOf(store).map(([, , digest, was]) => [digest, was]),
      [
        [digestOf(before), undefined],
        [digestOf(after), digestOf(before)],
        [digestOf(before), digestOf(after)],
      ],
    );
  });
});

const entriesOf = (store: ReturnType<typeof world>['store']) =>
  (store.logs.get('desk') ?? []).map(({ text }) => {
    const { type, payload } = JSON.parse(text) as { type: string; payload: Record<string, unknown> };
    return [type, payload['mic'], payload['digest'], payload['before']];
  });

describe('Calendars', () => {
  it('are read from the text that the template hands over', () => {
    assert.deepEqual(Calendars.parse(JSON.stringify(all)), all);
  });

  it('are refused with the place of what is wrong', () => {
    assert.match(String(Calendars.safeParse('[{ "mic": "nyse" }]').error), /a MIC is four capital letters/);
  });
});
