import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { utc } from '../output/marks.ts';
import { table } from '../output/table.ts';
import { DeviceChanged, Devices } from '../replies.ts';
import { deviceFilePath, makeDevice, readDevice } from '../session/device-file.ts';
import { syncEngines } from '../session/engine-list.ts';

export type DeviceCreateOptions = { readonly name: string; readonly button?: boolean; readonly label?: string };

/** Makes a key that can kill and nothing else, keeps it on this machine, and enrols it. Again for the same name it only enrols again what is there. */
export async function deviceCreate(
  context: Context,
  { name, button = false, label }: DeviceCreateOptions,
): Promise<void> {
  const { out, surroundings } = context;
  const api = await context.api('operate');
  const device = (await readDevice(context, name)) ?? (await makeDevice(context, { name, button }));
  const body = { name, publicKey: device.publicKey, button: device.button, ...(label !== undefined && { label }) };
  const enrolled = await api.post('/v1/devices', DeviceChanged, { body, idempotencyKey: surroundings.newKey() });
  out.step('succeeded', enrolled.summary, undefined, enrolled);
  const count = await syncEngines(context);
  out.note(`  its key: ${deviceFilePath(context, name)}; ${count} engines are kept beside it for kill --direct`);
  if (enrolled.device.status === 'proposed')
    out.note(`  another person approves it: ${context.command(`device approve ${name}`)}`);
}

/** Every device and what became of it; the list of engines beside the keys of this machine is renewed with it. */
export async function deviceList(context: Context): Promise<void> {
  const { out } = context;
  const api = await context.api('read');
  const { devices } = await api.get('/v1/devices', Devices);
  const rows = await Promise.all(
    devices.map(async ({ id, status, subject, label, enrolledBy, enrolledAt }) => {
      const here = (await readDevice(context, id.replace(/^device:/, '')).catch(() => undefined)) ? 'here' : '';
      return [id, status, subject ?? 'a button', label, enrolledBy, utc(enrolledAt), here];
    }),
  );
  if (out.format === 'jsonl') for (const device of devices) out.result(device, '');
  else
    out.result(
      undefined,
      table(
        out.paint,
        ['device', 'status', 'acts for', 'label', 'enrolled by', 'at', 'key'],
        rows,
        'there is no device',
      ),
    );
}

/** Another person says that the key is what it is said to be, or anybody concerned takes it out of use for good. */
export async function deviceDecide(context: Context, name: string, what: 'approval' | 'revocation'): Promise<void> {
  const { out, surroundings } = context;
  if (!/^(device:)?[a-z][a-z0-9-]{0,39}$/.test(name))
    throw new CliError('usage', `'${name}' is no name of a device`, 'look at: tradepulse-cli device ls');
  const api = await context.api('operate');
  const path = `/v1/devices/${name.replace(/^device:/, '')}/${what}`;
  const changed = await api.post(path, DeviceChanged, { body: {}, idempotencyKey: surroundings.newKey() });
  out.step('succeeded', changed.summary, undefined, changed);
}

/** Keeps where the engines are, for `kill --direct`. */
export async function deviceSync(context: Context): Promise<void> {
  const count = await syncEngines(context);
  context.out.step('succeeded', `${count} engines are kept for kill --direct`, undefined, { engines: count });
}
