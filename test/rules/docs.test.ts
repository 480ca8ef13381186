import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { project, projectFiles, readProjectFile } from './project-files.ts';

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(await readProjectFile('package.json')));
const documents = await Promise.all(
  (await projectFiles())
    .filter((path) => path.endsWith('.md') && existsSync(join(project, path)))
    .map(async (path) => ({ path, text: await readProjectFile(path) })),
);

/** The runbook of the desk is kept to the letter: its links lead to documents of the desk. */
const own = documents.filter(({ path }) => path !== 'docs/runbook.md');

/** `npm start` and `npm test` need no `run`; `ci` and `install` are npm's own. */
const npmCommand = /\bnpm (?:run )?(?<script>[a-z][\w:-]*)/g;
const npmItself = ['run', 'exec', 'ci', 'install', 'ls', 'audit', 'view'];
const unfinished = /\b(TODO|FIXME|TBD|XXX|lorem ipsum|coming soon|not yet implemented)\b/i;

describe('the documents', () => {
  it('link only to files and headings that exist', () => {
    const broken = own.flatMap(({ path, text }) =>
      links(text)
        .filter((target) => !resolves(path, target))
        .map((target) => `${path}: ${target}`),
    );

    assert.deepEqual(broken, []);
  });

  it('name only npm commands that exist', () => {
    const unknown = documents.flatMap(({ path, text }) =>
      commands(text)
        .filter((name) => !(name in scripts))
        .map((name) => `${path}: npm ${name}`),
    );

    assert.deepEqual(unknown, []);
  });

  it('leave nothing unfinished', () => {
    assert.deepEqual(
      documents.filter(({ text }) => unfinished.test(text)).map(({ path }) => path),
      [],
    );
  });

  it('keep a decision record to one page with its three parts, and list it', async () => {
    const records = documents.filter(({ path }) => /^docs\/decisions\/\d{3}-/.test(path));
    const contents = await readProjectFile('docs/decisions/README.md');

    assert.ok(records.length > 0);
    for (const { path, text } of records) {
      assert.ok(contents.includes(`(${path.slice('docs/decisions/'.length)})`), `${path} is not in the list`);
      assert.deepEqual(text.match(/^## .+$/gm), ['## Background', '## Decision', '## Consequences'], path);
      assert.ok(text.split('\n').length <= 60, `${path} is longer than a page`);
    }
  });
});

/** Relative targets of Markdown links, code blocks left out. */
function links(text: string): readonly string[] {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\((?<target>[^)\s]+)\)/g)]
    .map(({ groups }) => groups?.['target'] ?? '')
    .filter((target) => !/^(https?:|mailto:)/.test(target));
}

function resolves(from: string, target: string): boolean {
  const [file = '', heading] = target.split('#');
  const path = file === '' ? from : join(dirname(from), file);
  if (!existsSync(join(project, path))) return false;
  if (heading === undefined) return true;
  const document = documents.find((candidate) => candidate.path === path);
  return document !== undefined && headings(document.text).includes(heading);
}

/** The anchors that GitHub makes of headings. */
function headings(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (?<words>.+)$/gm)].map(({ groups }) =>
    (groups?.['words'] ?? '')
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
}

function commands(text: string): readonly string[] {
  return [...text.matchAll(/`+[^`]*`+/g)]
    .flatMap(([code]) => [...code.matchAll(npmCommand)])
    .map(({ groups }) => groups?.['script'] ?? '')
    .filter((name) => !npmItself.includes(name));
}
