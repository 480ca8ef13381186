import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { listen } from '../../../local/host/listen.ts';

describe('listen', () => {
  it('answers 503 until it is opened, and then whatever the listener says', async () => {
    const door = await listen(0);
    try {
      const early = await fetch(door.url);
      assert.equal(early.status, 503);
      assert.equal(early.headers.get('retry-after'), '1');
      assert.equal(early.headers.get('content-type'), 'application/problem+json');
      assert.match(JSON.stringify(await early.json()), /"code":"Starting","next":"try again in a second"/);

      door.open((_request, response) => void response.end('open'));

      assert.equal(await (await fetch(door.url)).text(), 'open');
    } finally {
      await door.close();
    }
  });

  it('listens on this machine only', async () => {
    const door = await listen(0);
    try {
      assert.equal(door.url, `http://127.0.0.1:${door.port}`);
      const socket = connect(door.port, '127.0.0.2');
      await assert.rejects(
        once(socket, 'connect').finally(() => socket.destroy()),
        { code: 'ECONNREFUSED' },
      );
    } finally {
      await door.close();
    }
  });

  it('says what to do when the port is in use', async () => {
    const door = await listen(0);
    try {
      await assert.rejects(listen(door.port), {
        message: `port ${door.port} of 127.0.0.1 is in use. Another control plane may be running: stop it, or start this one with --port N (0: any free port)`,
      });
    } finally {
      await door.close();
    }
  });

  it('passes on any other reason why it cannot listen', async () => {
    await assert.rejects(listen(65_536), { code: 'ERR_SOCKET_BAD_PORT' });
  });

  it('closes within moments although somebody keeps a request open', async () => {
    const door = await listen(0);
    const arrived = Promise.withResolvers<void>();
    door.open(() => arrived.resolve()); // and never answers
    const asked = fetch(door.url).catch((error: unknown) => error);
    await arrived.promise;

    await door.close();

    assert.ok((await asked) instanceof Error);
    await assert.rejects(fetch(door.url));
  });
});
