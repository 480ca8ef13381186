import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as send } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, beforeEach, describe, it } from 'node:test';
import * as z from 'zod';
import { frontDoor } from '../../../local/host/front-door.ts';
import { type Door, listen } from '../../../local/host/listen.ts';

const Problem = z.object({ code: z.string(), detail: z.string(), next: z.string(), status: z.number() });

describe('frontDoor', () => {
  let door: Door;
  let seen: string[] = [];
  const faults: unknown[] = [];
  const answers = (name: string) => async (request: Request) => {
    seen.push(`${name} ${request.method} ${new URL(request.url).pathname}`);
    if (request.url.endsWith('/broken')) throw new Error('a fault of ours');
    return new Response(await request.text());
  };

  before(async () => {
    door = await listen(0);
    door.open(
      frontDoor({
        port: door.port,
        identity: (request, response) => {
          seen.push(`identity ${request.method} ${request.url}`);
          response.end();
        },
        aws: answers('aws'),
        answers: answers('answers'),
        sinks: answers('sinks'),
        gateway: answers('gateway'),
        onFault: (fault) => void faults.push(fault),
      }),
    );
  });
  beforeEach(() => {
    seen = [];
  });
  after(() => door.close());
  const ask = async (path: string, headers: Record<string, string> = {}) => {
    const [response] = await once(send(`${door.url}${path}`, { headers, agent: false }).end(), 'response');
    return { status: response.statusCode, body: await text(response) };
  };
  /** Bytes as no HTTP client would send them. */
  const raw = async (bytes: string) => {
    const socket = connect(door.port, '127.0.0.1');
    socket.write(bytes);
    return text(socket);
  };

  it('hands each request to the part that its path names', async () => {
    for (const path of [
      '/aws/s3/bucket/key',
      '/custom-resource-answers/1',
      '/oidc/auth?a=b',
      '/oidc',
      '/v1/health',
      '/oidcx',
      '/sinks/slack/x',
      '/',
    ])
      assert.equal((await ask(path)).status, 200);

    assert.deepEqual(seen, [
      'aws GET /aws/s3/bucket/key',
      'answers GET /custom-resource-answers/1',
      'identity GET /oidc/auth?a=b',
      'identity GET /oidc',
      'gateway GET /v1/health',
      'gateway GET /oidcx',
      'sinks GET /sinks/slack/x',
      'gateway GET /',
    ]);
  });

  it('passes bodies on', async () => {
    const reply = await fetch(`${door.url}/v1/echo`, { method: 'POST', body: 'some bytes' });

    assert.equal(await reply.text(), 'some bytes');
  });

  it('refuses every part to a foreign Host and to pages of other sites, before anything runs', async () => {
    for (const path of ['/aws/kms/', '/custom-resource-answers/1', '/oidc/auth', '/v1/health'])
      for (const headers of [{ host: 'evil.example' }, { origin: 'http://evil.example' }]) {
        const { status, body } = await ask(path, headers);
        const { code, next } = Problem.parse(JSON.parse(body));
        assert.deepEqual([status, code, next], [403, 'NotPermitted', `use ${door.url} from this machine`]);
      }

    assert.deepEqual(seen, []);
  });

  it('answers a fault of its own with a problem that tells nothing of it, and reports it', async () => {
    const { status, body } = await ask('/v1/broken');

    assert.equal(status, 500);
    assert.equal(Problem.parse(JSON.parse(body)).code, 'Fault');
    assert.doesNotMatch(body, /a fault of ours/);
    assert.match(String(faults.at(-1)), /a fault of ours/);
  });

  it('survives requests that no client would send', async () => {
    const host = `Host: 127.0.0.1:${door.port}\r\nConnection: close\r\n\r\n`;
    for (const line of [
      'GET // HTTP/1.1',
      'OPTIONS * HTTP/1.1',
      'GET http://evil.example/aws/ HTTP/1.1',
      'GET /%zz HTTP/1.1',
    ])
      assert.match(await raw(`${line}\r\n${host}`), /^HTTP\/1\.1 [245]\d\d /);
    assert.match(await raw('GET / HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 403 /);
    assert.match(await raw('hello\r\n\r\n'), /^HTTP\/1\.1 400 /);
    assert.match(await raw(`GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n${host}`), /^HTTP\/1\.1 431 /);

    assert.equal((await ask('/v1/health')).status, 200);
  });
});
