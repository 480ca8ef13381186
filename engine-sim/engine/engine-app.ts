import { type Context, Hono } from 'hono';
import type { Log } from '../program/log.ts';
import { Problem, problemResponse } from '../program/problem.ts';
import { readBytes } from '../program/read-body.ts';
import { openOrders, riskStatus } from './answer-questions.ts';
import type { Instance } from './instance.ts';
import { nonceCache } from './nonce-cache.ts';
import { COMMANDS, type Obey } from './obey-commands.ts';
import { type ControlKeys, type KeyId, verifySignature } from './verify-signature.ts';

export type EngineAppPorts = {
  readonly keys: ControlKeys;
  readonly artifacts: string;
  /** What signatures must name in front of `/<instance>/v1/...`; known once the program listens. */
  readonly publicUrl: () => string;
  readonly wall: () => number;
  readonly log: Log;
};

/** The control surface of all hosted instances (docs/engine-contract.md, Commands and Questions), one path prefix per instance. */
export function engineApp(instances: readonly Instance[], ports: EngineAppPorts): Hono {
  const app = new Hono();
  const usedBefore = nonceCache();
  const known = new Map(instances.map((instance) => [instance.settings.instanceId, instance]));
  const find = (id: string): Instance => {
    const instance = known.get(id);
    if (instance) return instance;
    throw new Problem(
      404,
      'UnknownInstance',
      `there is no instance ${id} here`,
      `there are ${[...known.keys()].join(', ')}`,
    );
  };

  const command = async (
    context: Context<object, '/:instance/v1/commands/:command'>,
    instance: Instance,
  ): Promise<Response> => {
    const name = context.req.param('command');
    await instance.thawed();
    const { headers } = context.req.raw;
    const body = await readBytes(context.req.raw);
    const targetUri = `${ports.publicUrl()}/${instance.settings.instanceId}/v1/commands/${name}`;
    const keyid = await verifySignature(
      { method: 'POST', targetUri, headers, body },
      ports.keys,
      usedBefore,
      ports.wall(),
    );
    const reply = await commandOf(name, keyid)(instance, body, ports.artifacts);
    ports.log('obeyed', { instanceId: instance.settings.instanceId, command: name, keyid });
    return Response.json(reply);
  };

  app.onError((error) => {
    if (error instanceof Problem) return problemResponse(error);
    ports.log('fault', { detail: error.message });
    return problemResponse(new Problem(500, 'Fault', 'the engine failed', 'look at its log'));
  });
  app.notFound(() =>
    problemResponse(new Problem(404, 'NotFound', 'there is no such path', 'look at docs/engine-contract.md')),
  );

  app.post('/:instance/v1/commands/:command', (context) => command(context, find(context.req.param('instance'))));
  app.get('/:instance/v1/risk/live/status', async (context) =>
    context.json(riskStatus(await thawed(find(context.req.param('instance'))))),
  );
  app.get('/:instance/v1/orders/open', async (context) =>
    context.json({ orders: openOrders(await thawed(find(context.req.param('instance')))) }),
  );
  app.get('/:instance/v1/positions', async (context) => {
    const { reported } = await thawed(find(context.req.param('instance')));
    return context.json({ positions: reported().positions });
  });
  return app;
}

/** A frozen instance answers when it is thawed, like a stopped process. */
const thawed = async (instance: Instance): Promise<Instance> => instance.thawed().then(() => instance);

function commandOf(name: string, keyid: KeyId): Obey {
  const obey = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!obey)
    throw new Problem(
      404,
      'UnknownCommand',
      `there is no command ${name}`,
      `commands: ${Object.keys(COMMANDS).join(', ')}`,
    );
  if (keyid !== 'command' && name !== 'halt')
    throw new Problem(403, 'KeyMayOnlyHalt', `the key ${keyid} may only halt`, 'sign with the command key');
  return obey;
}
