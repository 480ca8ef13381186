import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readMatrix } from '../../adapters/yaml/read-matrix.ts';
import type { Matrix } from '../../domain/communications/matrix.ts';

const FILE = 'config/communications.yaml';
let read: Matrix | undefined;

/** The communication matrix of this repository, as it is registered. */
export function shippedMatrix(): Matrix {
  read ??= readMatrix(readFileSync(join(import.meta.dirname, '../..', FILE), 'utf8'), FILE);
  return read;
}
