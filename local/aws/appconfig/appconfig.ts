import * as z from 'zod';
import type { FetchHandler } from '../fetch-handler.ts';
import { catalogueOf } from './catalogue.ts';
import { controlPlane, type Plane } from './control-plane.ts';
import { dataPlane } from './data-plane.ts';
import { AppConfigResources } from './resources.ts';
import { openStore } from './store.ts';

export type AppConfigOptions = {
  /** The SQLite file, e.g. `.tradepulse/appconfig.db`. */
  readonly dataPath: string;
  readonly now: () => Date;
};

export type AppConfig = {
  /** For `AWS_ENDPOINT_URL_APPCONFIG`. */
  readonly control: FetchHandler;
  /** For `AWS_ENDPOINT_URL_APPCONFIGDATA`. */
  readonly data: FetchHandler;
  /** Makes the template's applications, environments, profiles and strategies known, under the ids the host gave them. Replaces what was registered before. */
  registerAppConfig(resources: z.input<typeof AppConfigResources>): void;
  close(): void;
};

/** AppConfig on one machine: both planes over one SQLite file, deployments that advance with the clock, both optimistic locks (local runtime, section 6). */
export function createAppConfig({ dataPath, now }: AppConfigOptions): AppConfig {
  const store = openStore(dataPath);
  let catalogue = catalogueOf({ applications: [], environments: [], profiles: [], strategies: [] });
  const plane: Plane = { store, now, catalogue: () => catalogue };
  return {
    control: controlPlane(plane),
    data: dataPlane(plane),
    registerAppConfig(resources) {
      const parsed = AppConfigResources.safeParse(resources);
      if (!parsed.success)
        throw new Error(`The template's AppConfig resources cannot be served: ${z.prettifyError(parsed.error)}`);
      catalogue = catalogueOf(parsed.data);
    },
    close: store.close,
  };
}
