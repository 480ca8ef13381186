import { readFileSync } from 'node:fs';
import { readMatrix } from '../adapters/yaml/read-matrix.ts';

/** The communication matrix as it is registered. */
export type MatrixConfig = ReturnType<typeof readMatrix>;

/** `config/communications.yaml`, checked. Throws with every mistake, each with its line. */
export const readCommunications = (file: string): MatrixConfig => readMatrix(readFileSync(file, 'utf8'), file);
