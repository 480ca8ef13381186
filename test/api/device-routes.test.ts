import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { device } from '../fakes/device.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';

const Changed = z.looseObject({
  device: z.looseObject({ status: z.string(), subject: z.string().optional() }),
  summary: z.string(),
});
const Problem = z.looseObject({ code: z.string() });
const { publicKey } = device('laptop').key;
const enrol = (made: ApiWorld, as: string, more: object = {}) =>
  made.send('command', '/v1/devices', { as, body: { name: 'laptop', publicKey, ...more } });
const decide = (made: ApiWorld, as: string, what: string, name = 'laptop') =>
  made.send('command', `/v1/devices/${name}/${what}`, { as, body: {} });
const codeOf = async (response: Response) => Problem.parse(await response.json()).code;

describe('the routes of devices', () => {
  it('enrol, approve and revoke a key, each an entry in the log of the desk, and ship what it has become', async () => {
    const made = apiWorld();

    const replies = [
      await enrol(made, 'trader'),
      await decide(made, 'risk', 'approval'),
      await decide(made, 'trader', 'revocation'),
    ];

    const changed = await Promise.all(replies.map(async (reply) => Changed.parse(await reply.json()).device.status));
    assert.deepEqual(changed, ['proposed', 'active', 'revoked']);
    assert.deepEqual(made.store.storyOf('desk'), ['credential.enrolled', 'credential.approved', 'credential.revoked']);
    assert.deepEqual(
      made.shipped.map(({ status }) => status),
      ['active', 'revoked'],
    );
  });

  it('ship again, and change nothing, when a command is repeated', async () => {
    const made = apiWorld();
    await enrol(made, 'trader');
    await decide(made, 'risk', 'approval');

    assert.equal((await decide(made, 'risk', 'approval')).status, 200);

    assert.deepEqual([made.store.storyOf('desk').length, made.shipped.length], [2, 2]);
  });

  for (const [what, as, act, status, code] of [
    ['an auditor, who may not kill', 'auditor', 'enrolment', 403, 'WrongRole'],
    ['a trader, who may not approve', 'trader', 'approval', 403, 'WrongRole'],
    ['an auditor, whose device it is not', 'auditor', 'revocation', 403, 'WrongRole'],
  ] as const) {
    it(`are refused to ${what}`, async () => {
      const made = apiWorld();
      if (act !== 'enrolment') await enrol(made, 'trader');

      const response = act === 'enrolment' ? await enrol(made, as) : await decide(made, as, act);

      assert.deepEqual([response.status, await codeOf(response)], [status, code]);
      assert.deepEqual(made.shipped, []);
    });
  }

  it('are refused to whoever approves their own, and for what is not there', async () => {
    const made = apiWorld();
    await enrol(made, 'risk');

    assert.equal(await codeOf(await decide(made, 'risk', 'approval')), 'SamePerson');
    for (const what of ['approval', 'revocation'])
      assert.equal(await codeOf(await decide(made, 'risk', what, 'other')), 'UnknownDevice');
    assert.equal(await codeOf(await enrol(made, 'risk', { publicKey: 'x' })), 'InvalidRequest');
  });

  it('list devices, and where the engines are with the scopes that cover them', async () => {
    const made = apiWorld();
    await enrol(made, 'trader', { button: true });

    const devices = await (await made.send('query', '/v1/devices', { as: 'auditor' })).json();
    const engines = await (await made.send('query', '/v1/engines', { as: 'auditor' })).json();

    const [{ id, subject } = { id: '' }] = z
      .object({ devices: z.array(z.looseObject({ id: z.string(), subject: z.string().optional() })) })
      .parse(devices).devices;
    assert.deepEqual([id, subject], ['device:laptop', undefined]);
    const [{ instanceId, scopes } = { instanceId: '', scopes: [] }] = z
      .object({ engines: z.array(z.looseObject({ instanceId: z.string(), scopes: z.array(z.string()) })) })
      .parse(engines).engines;
    assert.deepEqual([instanceId, scopes], ['btc-momentum-1', ['all', 'desk:crypto', 'venue:XSIM']]);
  });
});
