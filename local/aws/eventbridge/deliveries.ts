import * as z from 'zod';
import { openDatabase } from '../open-database.ts';
import type { ServiceEvent } from './service-event.ts';

const Row = z.object({
  id: z.number(),
  rule: z.string(),
  target: z.string(),
  event: z.string(),
  attempts: z.number(),
  due: z.number(),
});

export type Delivery = {
  readonly id: number;
  readonly rule: string;
  readonly target: string;
  readonly event: ServiceEvent;
  readonly attempts: number;
  /** Epoch milliseconds of the next attempt. */
  readonly due: number;
};

/** Deliveries that a target has not yet acknowledged. They are on the disk before PutEvents answers, so a restart loses none. */
export function openDeliveries(path: string) {
  const database = openDatabase(
    path,
    `CREATE TABLE IF NOT EXISTS deliveries (
      id INTEGER PRIMARY KEY AUTOINCREMENT, rule TEXT NOT NULL, target TEXT NOT NULL, event TEXT NOT NULL,
      attempts INTEGER NOT NULL DEFAULT 0, due INTEGER NOT NULL, created INTEGER NOT NULL) STRICT`,
  );
  const { sqlite } = database;
  const insert = sqlite.prepare('INSERT INTO deliveries (rule, target, event, due, created) VALUES (?, ?, ?, ?, ?)');
  const postpone = sqlite.prepare('UPDATE deliveries SET attempts = attempts + 1, due = ? WHERE id = ?');
  const remove = sqlite.prepare('DELETE FROM deliveries WHERE id = ?');
  const waiting = sqlite.prepare('SELECT id, rule, target, event, attempts, due FROM deliveries ORDER BY id');

  return {
    add(targets: readonly { rule: string; target: string; event: ServiceEvent }[], at: number): Delivery[] {
      if (targets.length === 0) return [];
      return database.transaction(() =>
        targets.map(({ rule, target, event }) => {
          const { lastInsertRowid } = insert.run(rule, target, JSON.stringify(event), at, at);
          return { id: Number(lastInsertRowid), rule, target, event, attempts: 0, due: at };
        }),
      );
    },
    postpone: (id: number, due: number) => database.relaxed(() => postpone.run(due, id)),
    /** Power loss may bring it back: targets are called at least once. */
    remove: (id: number) => database.relaxed(() => remove.run(id)),
    waiting: (): Delivery[] =>
      waiting.all().map((row) => {
        const { event, ...rest } = Row.parse(row);
        return { ...rest, event: JSON.parse(event) };
      }),
    close: () => database.close(),
  };
}

export type Deliveries = ReturnType<typeof openDeliveries>;
