import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Where systems take no ports from for outgoing connections (Linux begins at 32768, others at 49152): those are taken within milliseconds. */
const FROM = 15_000;
const UNTIL = 32_000;
const ATTEMPTS = 50;

/** A port of 127.0.0.1 that was free a moment ago. Whoever binds it must be ready to try another: it may be taken meanwhile. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = randomInt(FROM, UNTIL);
    if (await isFree(port)) return port;
  }
  throw new Error(`none of ${ATTEMPTS} TCP ports between ${FROM} and ${UNTIL} was free`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false; // somebody has it
  }
  server.close();
  await once(server, 'close');
  return true;
}
