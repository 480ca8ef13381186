import { once } from 'node:events';
import * as z from 'zod';

const Message = z.looseObject({
  id: z.number().optional(),
  sessionId: z.string().optional(),
  method: z.string().optional(),
  params: z.unknown().optional(),
  result: z.unknown().optional(),
  error: z.looseObject({ message: z.string() }).optional(),
});

/** One end of the Chrome DevTools Protocol: the browser, or one of its tabs. */
export type Devtools = {
  send(method: string, params?: object): Promise<unknown>;
  on(event: string, listener: (params: unknown) => void): void;
  /** The next event of this name. */
  next(event: string): Promise<unknown>;
};

/** Speaks to a browser over its socket; `attach` gives the end of one tab. */
export async function devtools(
  address: string,
): Promise<Devtools & { attach(targetId: string): Promise<Devtools>; close(): void }> {
  const socket = new WebSocket(address);
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  const listeners: { event: string; session: string | undefined; listener: (params: unknown) => void }[] = [];
  socket.addEventListener('message', ({ data }) => {
    const { id, sessionId, method, params, result, error } = Message.parse(JSON.parse(String(data)));
    const asked = waiting.get(id ?? 0);
    if (asked && error) asked.reject(new Error(error.message));
    else asked?.resolve(result);
    waiting.delete(id ?? 0);
    for (const { event, session, listener } of listeners)
      if (event === method && session === sessionId) listener(params);
  });
  socket.addEventListener('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('the browser has gone'));
  });
  await once(socket, 'open');
  let ids = 0;
  const end = (session?: string): Devtools => ({
    send(method, params = {}) {
      ids += 1;
      const asked = Promise.withResolvers<unknown>();
      waiting.set(ids, asked);
      socket.send(JSON.stringify({ id: ids, method, params, ...(session && { sessionId: session }) }));
      return asked.promise;
    },
    on: (event, listener) => void listeners.push({ event, session, listener }),
    next: (event) => new Promise((resolve) => void listeners.push({ event, session, listener: resolve })),
  });
  const browser = end();
  return {
    ...browser,
    async attach(targetId) {
      const attached = await browser.send('Target.attachToTarget', { targetId, flatten: true });
      return end(z.object({ sessionId: z.string() }).parse(attached).sessionId);
    },
    close: () => socket.close(),
  };
}
