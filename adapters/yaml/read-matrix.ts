import type { Matrix } from '../../domain/communications/matrix.ts';
import { MatrixFile, matrixOf } from '../../domain/communications/matrix-file.ts';
import { problemLines, readYaml } from './read-yaml.ts';

/** The communication matrix from the text of its file, as it is stored. Throws an Error with every mistake of the file, each with its line. */
export function readMatrix(text: string, file: string): Matrix {
  const { value, problems } = readYaml(text, MatrixFile);
  if (problems) throw new Error(`${file} is no communication matrix:\n${problemLines(file, problems)}`);
  return matrixOf(value);
}
