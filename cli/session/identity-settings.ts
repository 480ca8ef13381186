import { join } from 'node:path';
import * as z from 'zod';
import { CliError } from '../cli-error.ts';
import { readJson } from './read-json.ts';

/** Who logs people in, as which client, and where the resulting session is kept. */
export type IdentitySettings = {
  readonly issuer: string;
  readonly clientId: string;
  readonly sessionPath: string;
  /** Demo users exist here only: the control plane of this machine, which keeps their secrets in its data folder. */
  readonly local: boolean;
};

export type WhichIdentity = {
  readonly dataPath: string;
  readonly as?: string | undefined;
  readonly remote?: { readonly issuer: string; readonly clientId: string } | undefined;
  /** Folder for the sessions of control planes elsewhere, e.g. `~/.config/tradepulse`. */
  readonly configPath: string;
};

const Local = z.looseObject({ issuer: z.url(), clientId: z.string() });

/** The local provider of the data folder, or the one of a control plane elsewhere. Refuses `--as` there: people log in themselves. */
export async function identitySettings({ dataPath, as, remote, configPath }: WhichIdentity): Promise<IdentitySettings> {
  if (remote && as !== undefined) throw noDemoUsers(`${remote.issuer} is not the local control plane`);
  if (remote) {
    const name = encodeURIComponent(`${new URL(remote.issuer).host} ${remote.clientId}`);
    return { ...remote, sessionPath: join(configPath, 'sessions', `${name}.json`), local: false };
  }
  const local = await readJson(join(dataPath, 'local.json'), Local);
  if (local)
    return {
      issuer: local.issuer,
      clientId: local.clientId,
      sessionPath: join(dataPath, 'sessions', `${encodeURIComponent(as ?? 'browser')}.json`),
      local: true,
    };
  if (as !== undefined) throw noDemoUsers(`${dataPath} holds no local.json`);
  throw new CliError(
    'unauthenticated',
    `nobody is known to log in with: ${dataPath} holds no local.json`,
    "start the local control plane with 'npm start', or name its folder with --data",
    { code: 'IdentityUnknown' },
  );
}

const noDemoUsers = (why: string) =>
  new CliError(
    'usage',
    `--as logs in a demo user, and those exist on a local control plane only: ${why}`,
    "leave --as out to log in with your browser; for the local control plane run 'npm start' or name its folder with --data",
    { code: 'NoDemoUsers' },
  );
