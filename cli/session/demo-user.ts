import { join } from 'node:path';
import * as z from 'zod';
import { CliError } from '../cli-error.ts';
import { readJson } from './read-json.ts';

const DemoUser = z.object({ name: z.string(), password: z.string(), totpSecret: z.string() });
export type DemoUser = z.infer<typeof DemoUser>;

/** The demo user of this name, from `demo-users.json` of the data folder. Refuses unknown names and says which there are. */
export async function demoUser(dataPath: string, name: string): Promise<DemoUser> {
  const users = (await readJson(join(dataPath, 'demo-users.json'), z.array(DemoUser))) ?? [];
  const user = users.find((each) => each.name === name);
  if (user) return user;
  const known = users.map((each) => each.name).join(', ');
  throw new CliError(
    'usage',
    `there is no demo user '${name}'`,
    known ? `choose one of ${known}` : "start the local control plane with 'npm start': it makes them",
    { code: 'UnknownDemoUser', facts: { known: users.map((each) => each.name) } },
  );
}
