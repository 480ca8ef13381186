import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AwsError } from '../aws-error.ts';
import { inTurn } from '../in-turn.ts';
import { writeDurably } from '../write-durably.ts';
import { Secret } from './secret.ts';

type Change = { readonly secret: Secret; readonly answer: object };

/** One JSON file per secret. Changes to one secret take turns, each is on the disk before it is answered. */
export function secretFiles(dataPath: string) {
  const turn = inTurn();
  const pathOf = (name: string) => join(dataPath, `${encodeURIComponent(name)}.json`);
  const bytesOf = (secret: Secret) => Buffer.from(`${JSON.stringify(secret, null, 2)}\n`);

  async function read(secretId: string): Promise<Secret> {
    try {
      return Secret.parse(JSON.parse(await readFile(pathOf(nameOf(secretId)), 'utf8')));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
        throw await notFound(secretId, dataPath);
      throw error;
    }
  }

  return {
    read,
    async ensure(arn: string, at: Date): Promise<void> {
      const secret: Secret = { arn, name: nameOf(arn), createdAt: at.getTime() / 1000, versions: [] };
      await writeDurably(pathOf(secret.name), bytesOf(secret), { mode: 0o600, once: true });
    },
    change(secretId: string, decide: (secret: Secret) => Change): Promise<object> {
      return turn(nameOf(secretId), async () => {
        const before = await read(secretId);
        const { secret, answer } = decide(before);
        if (secret !== before) await writeDurably(pathOf(secret.name), bytesOf(secret), { mode: 0o600 });
        return answer;
      });
    },
  };
}

/** `arn:aws:secretsmanager:<region>:<account>:secret:<name>` or the name itself. */
function nameOf(secretId: string): string {
  const [, name] = /^arn:aws:secretsmanager:[^:]*:[^:]*:secret:(.+)$/.exec(secretId) ?? [];
  return name ?? secretId;
}

async function notFound(secretId: string, dataPath: string): Promise<AwsError> {
  const known = await readdir(dataPath).catch(() => []);
  return new AwsError(
    'ResourceNotFoundException',
    `Secrets Manager can't find the specified secret ${secretId}; it holds ${known.length} created from the template`,
  );
}
