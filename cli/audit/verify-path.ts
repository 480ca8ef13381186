import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { TrustFor } from '../../domain/ledger/bundle/bundle-verifier.ts';
import { emptyReport, type Report } from '../../domain/ledger/verify/report.ts';
import { logFolderAt, logsAt } from './log-folder.ts';
import { CannotRead, readable } from './open-file.ts';
import { verifyBundleFile } from './verify-bundle-file.ts';
import { verifyLogFolder } from './verify-log-folder.ts';

/** Verifies what is at a path: a bundle, the folder of one log, or a folder of several. What cannot be read is a report like any other. */
export async function verifyPath(path: string, trustFor: TrustFor): Promise<readonly Report[]> {
  try {
    const found = await readable(() => stat(path));
    return found.isDirectory() ? await verifyFolder(path, trustFor) : [await verifyBundleFile(path, trustFor)];
  } catch (error) {
    if (!(error instanceof CannotRead)) throw error;
    return [cannotRead('', basename(path), error.message)];
  }
}

async function verifyFolder(path: string, trustFor: TrustFor): Promise<readonly Report[]> {
  const own = await logFolderAt(path);
  if (own.hasParts) return [await verifyLogFolder(path, own, trustFor)];
  const { logs, ignored } = await logsAt(path);
  const reports: Report[] = [];
  for (const name of logs) reports.push(await verifyNamed(join(path, name), name, trustFor));
  const [first] = reports;
  if (!first) return [cannotRead('', basename(path), 'there is neither a bundle nor the folder of a log in it')];
  return reports.with(0, { ...first, notes: [...first.notes, ...ignored] });
}

async function verifyNamed(path: string, name: string, trustFor: TrustFor): Promise<Report> {
  try {
    return await verifyLogFolder(path, await logFolderAt(path), trustFor, name);
  } catch (error) {
    if (!(error instanceof CannotRead)) throw error;
    return cannotRead(name, name, error.message);
  }
}

const cannotRead = (log: string, name: string, why: string): Report =>
  emptyReport(log, { kind: 'unreadable', where: {}, what: `${JSON.stringify(name)} cannot be read: ${why}` });
