import type { Ports } from './ports/ports.ts';

/** The scheduled sweep: every latched strategy whose kill machine could not be started gets it now; the time is noted for the health page. */
export async function healthTick(ports: Ports): Promise<{ summary: string }> {
  const unconfirmed = (await ports.strategies.list()).flatMap(({ id, epoch, latch }) =>
    latch && !latch.confirmedBy ? [{ id, epoch, runId: latch.runId }] : [],
  );
  const started = await Promise.all(
    unconfirmed.map(async ({ id, epoch, runId }) => {
      if (await ports.executions.history('kill', runId, { limit: 1 })) return 0;
      await ports.executions.start('kill', runId, { strategyId: id, runId, epoch });
      return 1;
    }),
  );
  await ports.records.put({ kind: 'TICK', record: { id: 'health', at: ports.now().toISOString() } });
  return { summary: `${started.reduce<number>((sum, each) => sum + each, 0)} kills resumed` };
}
