import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { request as send } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import * as z from 'zod';
import { signRequest } from '../../domain/crypto/sign-request.ts';
import { digestOfBytes } from '../../domain/ledger/digest.ts';
import { artifactDigest, LIMITS, PARAMETERS, type RunningSystem, runningSystem } from './running-system.ts';

/** What any of the replies may hold. */
const Reply = z.looseObject({
  ...{ code: z.string().optional(), detail: z.string().optional(), artifactDigest: z.string().nullish() },
  ...{ halted: z.boolean().optional(), haltedAt: z.string().optional(), settled: z.boolean().optional() },
  cancelRequested: z.number().optional(),
});
const MIB = 1_048_576;
type Key = 'command' | 'kill';

describe("the engine's control port", () => {
  let system: RunningSystem;
  before(async () => {
    system = await runningSystem();
  });
  after(() => system.close());

  const url = (path: string, instance = 'btc-1') => `${system.engine().url}/${instance}/v1/${path}`;
  const read = async (reply: Response) => ({ status: reply.status, ...Reply.parse(await reply.json()) });
  const unsigned = async (command: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
    read(await fetch(url(`commands/${command}`), { method: 'POST', body: Buffer.from(body), headers }));
  const signed = async (command: string, content: unknown, by: Key = 'command', withKeyOf = by) => {
    const targetUri = url(`commands/${command}`);
    const body = Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
    const signer = { keyid: by, sign: system[withKeyOf].sign };
    const stamp = { now: new Date(), nonce: randomUUID() };
    return unsigned(command, body, await signRequest({ method: 'POST', targetUri, body }, signer, stamp));
  };
  const base = (more: object = {}) => ({ strategyId: 'btc', epoch: 1, commandId: randomUUID(), ...more });

  it('obeys nobody without a signature, and nobody with somebody else’s', async () => {
    assert.equal((await unsigned('halt', JSON.stringify(base()))).status, 401);
    assert.equal((await unsigned('halt', '', { signature: 'sig=:AAAA:', 'signature-input': 'sig=()' })).status, 401);
    assert.equal((await signed('halt', base(), 'command', 'kill')).status, 401);
    assert.equal((await read(await fetch(url('risk/live/status')))).halted, false);
  });

  it('refuses a body of more than a mebibyte, whoever sends it, and takes one of just that', async () => {
    assert.deepEqual((await unsigned('halt', Buffer.alloc(MIB + 1, 32))).code, 'BodyTooLarge');
    assert.notEqual((await unsigned('halt', Buffer.alloc(MIB, 32))).code, 'BodyTooLarge');
  });

  it('does not keep an endless body, and goes on answering others', async () => {
    const request = send(url('commands/halt'), { method: 'POST', headers: { 'transfer-encoding': 'chunked' } });
    request.on('error', () => undefined); // it is cut off
    const answer = once(request, 'response');
    for (let sent = 0; sent <= MIB; sent += 65_536) request.write(Buffer.alloc(65_536, 32));

    const [response] = await answer;

    assert.equal(response.statusCode, 413);
    request.destroy();
    assert.equal((await fetch(url('risk/live/status'))).status, 200);
  });

  it('answers what is no request of ours with a problem', async () => {
    assert.equal((await read(await fetch(`${system.engine().url}/nothing`))).code, 'NotFound');
    assert.equal((await read(await fetch(url('risk/live/status', 'btc-9')))).code, 'UnknownInstance');
    assert.equal((await read(await fetch(url('commands/halt')))).status, 404);
    const socket = connect(Number(new URL(system.engine().url).port), '127.0.0.1');
    socket.write('GET /%zz/v1/positions HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    assert.match(await text(socket), /^HTTP\/1\.1 4\d\d /);
  });

  it('knows its commands only, and lets the kill key halt and nothing else', async () => {
    assert.equal((await signed('toString', base())).code, 'UnknownCommand');
    assert.equal((await signed('self-destruct', base())).code, 'UnknownCommand');
    for (const command of ['arm', 'mode', 'throttle', 'cancel-all', 'deploy', 'smoke', 'settle'])
      assert.equal((await signed(command, base(), 'kill')).code, 'KeyMayOnlyHalt');
  });

  it('refuses signed commands that are no commands, whatever their content type', async () => {
    for (const body of [
      '',
      'null',
      '<xml/>',
      '{"strategyId":"btc"}',
      '{"strategyId":"btc","epoch":-1,"commandId":"x"}',
      '\ud800',
    ])
      assert.equal((await signed('halt', body)).code, 'InvalidRequest');
    assert.equal((await signed('halt', base({ strategyId: 'other' }))).code, 'WrongStrategy');
    assert.equal((await signed('mode', base({ mode: 'YOLO' }))).code, 'InvalidRequest');
    assert.equal((await signed('throttle', base({ maxOrdersPerSec: '5' }))).code, 'InvalidRequest');
    assert.equal((await signed('deploy', base({ artifactDigest: 'sha256:../../etc/passwd' }))).code, 'InvalidRequest');
  });

  it('has nothing to replay before something was deployed', async () => {
    assert.equal((await signed('smoke', base({ runId: 'r' }))).code, 'NotLoaded');
  });

  it('loads nothing that is missing, altered, or that it could not obey', async () => {
    const deploy = (more: object) =>
      signed('deploy', base({ artifactDigest, parameters: PARAMETERS, limits: LIMITS, ...more }));
    assert.equal((await deploy({ artifactDigest: `sha256:${'0'.repeat(64)}` })).code, 'ArtifactMissing');
    assert.match((await deploy({ parameters: { orderQuantity: -1 } })).detail ?? '', /cannot obey these documents/);

    const other = digestOfBytes('what was approved');
    await writeFile(join(system.config.artifacts, other.replace(':', '-')), 'what somebody put there');
    const altered = await deploy({ artifactDigest: other });

    assert.deepEqual([altered.status, altered.code], [409, 'ArtifactAltered']);
    assert.equal((await read(await fetch(url('risk/live/status')))).artifactDigest, null);
    assert.equal((await deploy({})).artifactDigest, artifactDigest);
  });

  it('answers what it holds, throttles and cancels when the control plane asks', async () => {
    assert.equal((await signed('throttle', base({ maxOrdersPerSec: 2 }))).status, 200);
    assert.equal((await signed('cancel-all', base())).cancelRequested, 0);
    assert.deepEqual(await read(await fetch(url('orders/open'))), { status: 200, orders: [] });
    assert.deepEqual(await read(await fetch(url('positions'))), { status: 200, positions: [] });
    assert.equal((await signed('settle', base())).settled, true);
  });

  it('answers a command twice as it did once, and a replayed request not at all', async () => {
    const halt = base({ commandId: 'once' });
    const [first, second] = [await signed('halt', halt, 'kill'), await signed('halt', halt, 'kill')];
    assert.deepEqual([first.halted, second.halted, second.haltedAt], [true, true, first.haltedAt]);

    const targetUri = url('commands/halt');
    const body = Buffer.from(JSON.stringify(halt));
    const signer = { keyid: 'kill' as const, sign: system.kill.sign };
    const headers = await signRequest({ method: 'POST', targetUri, body }, signer, {
      now: new Date(),
      nonce: randomUUID(),
    });
    assert.equal((await unsigned('halt', body, headers)).status, 200);

    assert.equal((await unsigned('halt', body, headers)).status, 401);
  });
});
