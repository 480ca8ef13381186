import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { linted } from './linted.ts';

const threeNestedDecisions = `export function decide(a: number[], b: boolean, c: boolean): number {
  for (const x of a) {
    if (x > 1) {
      if (b) {
        if (c) {
          return x;
        }
      }
    }
    if (x < 0 && b) {
      return 1;
    }
  }
  return 0;
}
`;

const broken: readonly [path: string, text: string, rule: string][] = [
  ['domain/CamelCase.ts', 'export const x = 1;\n', 'style/useFilenamingConvention'],
  ['domain/snake_case.ts', 'export const x = 1;\n', 'style/useFilenamingConvention'],
  ['domain/a-default.ts', 'export default function x() {}\n', 'style/noDefaultExport'],
  ['domain/a-barrel.ts', "export * from './x.ts';\n", 'performance/noBarrelFile'],
  [
    'domain/too-long.ts',
    `export function x() {\n${'  y();\n'.repeat(51)}}\ndeclare function y(): void;\n`,
    'complexity/noExcessiveLinesPerFunction',
  ],
  ['domain/too-complex.ts', threeNestedDecisions, 'complexity/noExcessiveCognitiveComplexity'],
  ['domain/a-print.ts', "console.log('x');\n", 'suspicious/noConsole'],
  ['lambdas/launch/a-print.ts', "console.log('x');\n", 'suspicious/noConsole'],
  ['adapters/aws/an-environment.ts', "export const x = process.env['X'];\n", 'style/noProcessEnv'],
  ['local/host/an-environment.ts', "export const x = process.env['X'];\n", 'style/noProcessEnv'],
  ['domain/an-any.ts', 'export const x = (y: any) => y;\n', 'suspicious/noExplicitAny'],
  ['test/a-focus.test.ts', "import { it } from 'node:test';\nit.only('x', () => {});\n", 'suspicious/noFocusedTests'],
  ['test/a-skip.test.ts', "import { it } from 'node:test';\nit.skip('x', () => {});\n", 'suspicious/noSkippedTests'],
];

const fine = {
  'lambdas/step.ts': "console.log('one line per outcome');\n",
  'adapters/aws/environment.ts': "export const x = process.env['X'];\n",
  'cli/a-line.ts': "console.log('x');\n",
};

describe('house rules', () => {
  it('find every fixture that breaks one', async () => {
    const found = await linted(Object.fromEntries(broken.map(([path, text]) => [path, text])));

    for (const [path, , rule] of broken) assert.ok(found.get(path)?.includes(rule), `${path} breaks ${rule}`);
  });

  it('leave the files alone that are made for it', async () => {
    assert.deepEqual([...(await linted(fine))], []);
  });
});
