import { join } from 'node:path';
import { guardAccess } from '../aws/access.ts';
import { createAppConfig } from '../aws/appconfig/appconfig.ts';
import { createEventBridge, type EventBridge } from '../aws/eventbridge/eventbridge.ts';
import type { FetchHandler } from '../aws/fetch-handler.ts';
import { createKms, type Kms } from '../aws/kms/kms.ts';
import { createS3, type S3 } from '../aws/s3/s3.ts';
import { createSecretsManager, type SecretsManager } from '../aws/secrets-manager/secrets-manager.ts';
import { appConfigResources } from '../template/appconfig-resources.ts';
import type { Stack } from '../template/open-stack.ts';
import { buckets, eventBuses, secrets, signingKeys } from '../template/stores.ts';

export type AwsServices = {
  readonly kms: Kms;
  readonly s3: S3;
  readonly secrets: SecretsManager;
  readonly eventBridge: EventBridge;
  /** By the name in `/aws/<name>`; without access control. */
  readonly handlers: Readonly<Record<string, FetchHandler>>;
  close(): Promise<void>;
};

/** The AWS services of this machine, with what the template declares of them. Nothing that is there already is changed. */
export async function awsServices(stack: Stack, dataPath: string, now: () => Date): Promise<AwsServices> {
  const { region, account } = stack.place;
  const kms = createKms({ dataPath: join(dataPath, 'kms'), region, account });
  const s3 = createS3({ dataPath: join(dataPath, 's3') });
  const manager = createSecretsManager({ dataPath: join(dataPath, 'secrets'), now });
  await Promise.all([
    ...signingKeys(stack).map((id) => kms.ensureKey(id)),
    ...buckets(stack).map((name) => s3.ensureBucket(name)),
    ...secrets(stack).map((arn) => manager.ensureSecret(arn)),
  ]);
  const appConfig = createAppConfig({ dataPath: join(dataPath, 'appconfig.db'), now });
  appConfig.registerAppConfig(appConfigResources(stack));
  const eventBridge = createEventBridge({
    dataPath: join(dataPath, 'events'),
    region,
    account,
    now,
    buses: eventBuses(stack),
  });
  return {
    kms,
    s3,
    secrets: manager,
    eventBridge,
    handlers: {
      kms: kms.handle,
      s3: s3.handle,
      secretsmanager: manager.handle,
      eventbridge: eventBridge.handle,
      appconfig: appConfig.control,
      appconfigdata: appConfig.data,
    },
    async close() {
      await eventBridge.close();
      appConfig.close();
    },
  };
}

/** Largest requests in bytes: objects and events of functions may be larger than what other services take. */
const largest: Readonly<Record<string, number>> = { s3: 64 * 1024 * 1024, lambda: 6_500_000 };

/** All services behind one prefix, `/aws/<service>/...`, for whoever knows the access key of this installation. */
export function awsDispatcher(handlers: Readonly<Record<string, FetchHandler>>, accessKeyId: string): FetchHandler {
  const guarded = new Map(
    Object.entries(handlers).map(([name, handle]) => {
      const errors = name === 's3' ? 'xml' : 'json';
      return [name, guardAccess(handle, { accessKeyId, maxBodyBytes: largest[name] ?? 2_000_000, errors })] as const;
    }),
  );
  return async (request) => {
    const url = new URL(request.url);
    const [, name = '', path = '/'] = /^\/aws\/([a-z0-9]+)(\/.*)?$/.exec(url.pathname) ?? [];
    const handle = guarded.get(name);
    if (!handle)
      return new Response(`/aws/${name} is not served; there is ${[...guarded.keys()].join(', ')}\n`, { status: 404 });
    const { method, headers, body } = request;
    return handle(new Request(`${url.origin}${path}${url.search}`, { method, headers, body, duplex: 'half' }));
  };
}
