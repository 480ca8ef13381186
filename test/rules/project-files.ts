import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** The folder of this project. */
export const project = resolve(import.meta.dirname, '../..');

/** Every file that is committed or about to be: what `.gitignore` leaves out is not part of the project. */
export async function projectFiles(): Promise<readonly string[]> {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const { stdout } = await promisify(execFile)('git', list, { cwd: project, maxBuffer: 64 * 1024 * 1024 });
  return stdout.split('\0').filter((path) => path !== '');
}

export const readProjectFile = (path: string): Promise<string> => readFile(join(project, path), 'utf8');
