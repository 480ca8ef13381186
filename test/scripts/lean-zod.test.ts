import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { build, type Plugin } from 'esbuild';
import { apiDocuments } from '../../api/api-documents.ts';
import { documentsInBundle } from '../../scripts/documents-in-bundle.ts';
import { leanZod } from '../../scripts/lean-zod.ts';

/** Schemas of every kind that the product uses, a way to try values on them, and the writer that nobody needs. */
const SCHEMAS = `
  import * as z from 'zod';
  export const schema = z.strictObject({
    text: z.string().min(1).max(9).regex(/^[a-z]+$/), number: z.int().min(0), time: z.iso.datetime(), url: z.url().optional(),
    one: z.enum(['a', 'b']), either: z.union([z.literal(1), z.array(z.boolean()).nonempty()]), more: z.record(z.string(), z.unknown()),
    standing: z.string().default('there'), maybe: z.number().nullable(), loose: z.looseObject({ of: z.base64() }).catch({ of: '' }),
  });
  export const jsonSchema = () => z.toJSONSchema(schema);`;

const GOOD = {
  ...{ text: 'abc', number: 1, time: '2026-11-26T00:00:00Z', one: 'a', either: [true], more: { x: 1 } },
  ...{ maybe: null, loose: { of: 'QUJD', and: 2 } },
};

async function bundled(contents: string, plugins: Plugin[]) {
  const { outputFiles } = await build({
    ...{ stdin: { contents, resolveDir: import.meta.dirname, loader: 'ts' }, plugins, write: false },
    ...{ bundle: true, minify: true, platform: 'node', format: 'esm', mainFields: ['module', 'main'] },
  });
  const code = outputFiles[0]?.text ?? '';
  return {
    size: code.length,
    module: await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`),
  };
}

describe('leanZod', () => {
  it('judges values as zod does, and says the same of them', async () => {
    const [whole, lean] = await Promise.all([bundled(SCHEMAS, []), bundled(SCHEMAS, [leanZod])]);
    const bad = { ...GOOD, text: '', number: -1, time: 'now', one: 'c', either: [], unknown: 1 };

    for (const value of [GOOD, bad, {}, null])
      assert.deepEqual(
        JSON.parse(JSON.stringify(lean.module.schema.safeParse(value))),
        JSON.parse(JSON.stringify(whole.module.schema.safeParse(value))),
      );
    assert.ok(lean.size < whole.size - 15_000, `${lean.size} of ${whole.size}`);
  });

  it('writes no JSON Schema, and says so', async () => {
    const { module } = await bundled(SCHEMAS, [leanZod]);

    assert.throws(() => module.jsonSchema(), /no JSON Schema is written in a bundle/);
  });
});

describe('the API documents in the bundle', () => {
  it('are those that are made out of the schemas', async () => {
    const entry = "export { apiDocuments } from '../../api/api-documents.ts';";
    const { module } = await bundled(entry, [documentsInBundle, leanZod]);

    assert.deepEqual(await module.apiDocuments(), JSON.parse(JSON.stringify(await apiDocuments())));
  });
});
