import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';

const candidates = [process.env['MARKET_DATA_DIR'], resolve(import.meta.dirname, '../../../shared/market-data')];

/** The folder with real recordings, or undefined: they are not part of the project. */
export const recordings = candidates.find((folder) => folder !== undefined && existsSync(folder));
