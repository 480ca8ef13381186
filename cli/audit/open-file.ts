import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** Why something could not be opened or read, in words for people. */
export class CannotRead extends Error {}

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'reading it is not permitted',
  EPERM: 'reading it is not permitted',
  ELOOP: 'it is a link, and links are not followed',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  ENAMETOOLONG: 'the path is too long',
};

/** Opens a file for reading; what is no file (a device, a pipe, a folder) is refused, a link as well where it was not named by the person. */
export async function openFile(path: string, { followLink }: { followLink: boolean }): Promise<FileHandle> {
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | (followLink ? 0 : constants.O_NOFOLLOW);
  const handle = await readable(() => open(path, flags));
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw new CannotRead('it is neither a file nor a folder');
}

/** Does something with the file system; what that refuses becomes `CannotRead`. */
export async function readable<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) throw error;
    throw new CannotRead(WORDS[String(error.code)] ?? `it cannot be read (${String(error.code)})`, { cause: error });
  }
}

/** The text of a small file, strictly UTF-8; one that is larger than `most` bytes is refused. */
export async function smallText(path: string, most: number, { followLink }: { followLink: boolean }): Promise<string> {
  const handle = await openFile(path, { followLink });
  try {
    const { size } = await handle.stat();
    if (size > most) throw new CannotRead(`it is larger than ${most} bytes`);
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readable(() => handle.readFile()));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new CannotRead('it is not text in UTF-8', { cause: error });
  } finally {
    await handle.close();
  }
}
