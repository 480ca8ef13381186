import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { KillAccepted } from '../../cli/replies.ts';
import { readDevice, signAsDevice } from '../../cli/session/device-file.ts';
import { tradepulseCli } from '../../rehearsal/cli-process.ts';
import { eventually } from '../../rehearsal/eventually.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { launchedUntil } from './launching.ts';
import { BTC, EUR, onALocalHost } from './on-a-local-host.ts';
import { ledgersAreWhole } from './proof-of-the-ledgers.ts';
import { cliRefused, isNoted, isRefusal } from './refused.ts';
import { deliveriesNow } from './told.ts';

const PATH = '/v1/device-kills';
const HostFile = z.object({ pid: z.number() });

describe('runbook 5.1 with a device', { skip: !isDeep && DEEP }, () => {
  const here = onALocalHost();
  const entriesOf = async (log: string, type: string) =>
    (await here.log(log)).entries.map(({ entry }) => entry).filter((entry) => entry['type'] === type);
  const newest = async (log: string, type: string) => (await entriesOf(log, type)).at(-1);
  /** Presses: a request that the named device of this machine has signed, and perhaps somebody changed. */
  const press = async (name: string, body: object, { at = new Date(), url = `${here.host.url}${PATH}` } = {}) => {
    const outside = { options: { data: here.host.data, output: 'table' as const }, surroundings: { env: {} } };
    const device = await readDevice(outside as never, name);
    const raw = JSON.stringify(body);
    const { headers } = await signAsDevice(device!, { url, body: raw }, { now: () => at });
    return { raw, headers };
  };
  const send = (signed: Awaited<ReturnType<typeof press>>) => here.ask(PATH, { ...signed, key: null });
  const pid = async () => HostFile.parse(JSON.parse(await readFile(join(here.host.data, 'host.json'), 'utf8'))).pid;

  it('goes straight to the engines while the control plane stands still, and is recorded as a kill when it is back', async () => {
    await here.evidence.approve(BTC, {});
    await launchedUntil(here, BTC, 'nothing: it is live');
    const plane = await pid();
    process.kill(plane, 'SIGSTOP');

    const kill = ['kill', '--direct', '--strategy', BTC, '--as', 'trader', '--reason', 'no answer'];
    const direct = await here.cli(...kill).finally(() => process.kill(plane, 'SIGCONT'));

    const { halted } = await here.eyes[BTC].engine();
    assert.equal(direct.code, 15, direct.words);
    assert.match(direct.words, /btc-momentum-1 says that it halted/);
    assert.equal(halted, true);
    const report = await here.cli('kill', '--direct', '--report', '--as', 'trader');
    assert.equal(report.code, 0, report.words);
    const { actor, payload } = z
      .looseObject({ actor: z.string(), payload: z.looseObject({ reason: z.string(), direct: z.looseObject({}) }) })
      .parse(await newest(BTC, 'kill.requested'));
    const [instance] = z
      .array(z.looseObject({ instanceId: z.string(), status: z.string(), signed: z.boolean() }))
      .parse(payload.direct['instances']);
    assert.deepEqual([actor, payload.reason], [await here.tokenOf.subjectOf('trader'), 'no answer']);
    assert.deepEqual([instance?.instanceId, instance?.status, instance?.signed], ['btc-momentum-1', 'halted', true]);
    assert.deepEqual(
      (await readdir(join(here.host.data, 'devices', 'direct-kills'))).map((name) => name.split('.').at(-1)),
      ['reported'],
    );
    await here.modeIs(BTC, 'KILLED');
  });

  it('kills by the command line with no identity provider reachable, in the name of the device’s owner', async () => {
    const away = join(here.host.data, 'away');
    await mkdir(away);
    await cp(join(here.host.data, 'devices'), join(away, 'devices'), { recursive: true });
    const local = JSON.parse(await readFile(join(here.host.data, 'local.json'), 'utf8')) as object;
    await writeFile(join(away, 'local.json'), JSON.stringify({ ...local, issuer: 'http://127.0.0.1:9/oidc' }));

    const { code, lines, words } = await tradepulseCli(away, ['kill', '--strategy', EUR, '--as', 'trader']);

    await rm(away, { recursive: true });
    assert.equal(code, 0, words);
    assert.match(words, /without a login .*: device:trader-laptop signs/);
    const { status, latched } = KillAccepted.parse(lines[0]);
    assert.deepEqual([status, latched], ['halted', true]);
    const entry = await newest(EUR, 'kill.requested');
    const [proof] = z.array(z.looseObject({ method: z.string(), keyid: z.string() })).parse(entry?.['proofs']);
    assert.deepEqual([proof?.method, proof?.keyid], ['device-key', 'device:trader-laptop']);
    assert.equal(entry?.['actor'], await here.tokenOf.subjectOf('trader'));
  });

  it('makes the key of a button, which kills nothing before another person has approved it, and nothing after it was revoked', async () => {
    const made = await here.cli('device', 'create', '--name', 'office-button', '--button', '--as', 'trader');
    assert.equal(made.code, 0, made.words);
    const file = join(here.host.data, 'devices', 'keys', 'office-button.json');
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    const body = { strategy: EUR, reason: 'pressed' };

    isRefusal(await send(await press('office-button', body)), 'DeviceNotApproved', 403);
    cliRefused(await here.cli('device', 'approve', 'office-button', '--as', 'trader'), 'WrongRole', 12);
    assert.equal((await here.cli('device', 'approve', 'office-button', '--as', 'sre')).code, 0);
    const { status, body: reply } = await send(await press('office-button', body));
    assert.deepEqual([status, reply['latched']], [202, true]);
    assert.equal((await newest(EUR, 'kill.reaffirmed'))?.['actor'], 'device:office-button');
    assert.equal((await here.cli('device', 'revoke', 'office-button', '--as', 'risk')).code, 0);
    isRefusal(await send(await press('office-button', body)), 'DeviceRevoked', 403);
    for (const type of ['credential.enrolled', 'credential.approved', 'credential.revoked'])
      assert.equal(Object((await newest('desk', type))?.['payload']).id, 'device:office-button', type);
  });

  it('refuses what is replayed, late, forged or unknown, each by its own code, and takes a clock that is off by ten minutes', async () => {
    const body = { strategy: EUR };
    const minutesAgo = (minutes: number) => ({ at: new Date(Date.now() - minutes * 60_000) });
    const once = await press('risk-laptop', body);
    assert.equal((await send(once)).status, 202);

    isRefusal(await send(once), 'DeviceSignatureReplayed', 409);
    isRefusal(await send(await press('risk-laptop', body, minutesAgo(16))), 'DeviceSignatureLate', 401);
    isRefusal(
      await send({ ...(await press('risk-laptop', body)), raw: '{"strategy":"btc-momentum"}' }),
      'DeviceSignatureInvalid',
      401,
    );
    isRefusal(await send({ raw: '{}', headers: {} }), 'DeviceSignatureInvalid', 401);
    isRefusal(await send(await press('risk-laptop', { strategy: 'nobody' })), 'UnknownStrategy', 404);
    assert.equal((await send(await press('risk-laptop', body, minutesAgo(10)))).status, 202);
    assert.equal((await send(await press('risk-laptop', body, minutesAgo(-10)))).status, 202);
  });

  it('halts engines directly with a device until they have heard that it was revoked', async () => {
    const made = await here.cli('device', 'create', '--name', `lost-${randomUUID().slice(0, 8)}`, '--as', 'quant');
    const { device } = z.looseObject({ device: z.looseObject({ id: z.string() }) }).parse(made.lines[0]);
    const name = device.id.replace('device:', '');
    await here.cli('device', 'approve', name, '--as', 'sre');
    const directly = () => here.cli('kill', '--direct', '--strategy', EUR, '--device', name, '--as', 'quant');
    await eventually('a direct kill', directly, ({ code }) => code === 0, 20_000);

    await here.cli('device', 'revoke', name, '--as', 'sre');

    await eventually('a direct kill by a revoked device', directly, ({ code }) => code === 17, 20_000);
  });

  it('tells risk and on-call who tried to kill without the right', async () => {
    await isNoted(here, 'auditor', 'WrongRole', async () =>
      isRefusal(await here.ask(`/v1/strategies/${BTC}/kills`, { as: 'auditor' }), 'WrongRole', 403),
    );

    const told = await eventually(
      'messages of the attempt',
      async () =>
        (await deliveriesNow(here, { trigger: 'unauthorised-kill' })).filter(({ text }) => text.includes('WrongRole')),
      ({ length }) => length >= 2,
    );

    assert.deepEqual(told.map(({ channel }) => channel).toSorted(), ['#risk', 'on-call page']);
  });

  it('leaves ledgers that are whole', async () => {
    await ledgersAreWhole(here, [BTC, EUR, 'desk', 'access']);
  });
});
