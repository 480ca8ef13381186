import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readRunbookTrace } from '../../adapters/yaml/read-runbook-trace.ts';
import { ITEM_IDS, RUNBOOK_ITEMS } from '../../domain/checklist/runbook-items.ts';
import { tracePage } from '../../scripts/trace-page.ts';
import { project } from '../rules/project-files.ts';
import { calledLambdas, drawnStates } from './machines.ts';
import { runbookItemsIn } from './runbook-text.ts';

const TRACE = 'config/runbook-trace.yaml';
/** The requirement itself, where this repository stands beside it. */
const SEED = '../shared/runbook-live-trading.md';
/** What is not built yet: an item that is built leaves this list, and none comes to it. */
const NOT_BUILT: readonly string[] = [];

/** What a state says that it does of the runbook: `Runbook 5.1.2: ...`. */
const CITED = /\brunbook (?<item>\d(?:\.\d)*)/i;

const read = (path: string) => readFileSync(join(project, path), 'utf8');
const trace = readRunbookTrace(read(TRACE), TRACE);
const items = Object.entries(trace.items);
const states = drawnStates(project);
const mapped = (name: 'states' | 'lambdas') => new Set(items.flatMap(([, item]) => item[name]));

describe('the trace of the runbook', () => {
  it('holds every item of the runbook to the letter, and no other; so do the rules of the checklist', () => {
    const written = runbookItemsIn(read('docs/runbook.md')).map(({ id, text }) => [id, text]);

    assert.deepEqual(
      items.map(([id, { text }]) => [id, text]),
      written,
    );
    assert.deepEqual(Object.entries(RUNBOOK_ITEMS), written);
    assert.equal(ITEM_IDS.length, 47);
  });

  it('is of the runbook that was asked for, wherever that is at hand', {
    skip: !existsSync(join(project, SEED)),
  }, () => {
    assert.equal(read('docs/runbook.md'), read(SEED));
  });

  it('maps items to states that are drawn', () => {
    assert.deepEqual(
      [...mapped('states'), ...Object.keys(trace.excused)].filter((state) => !states.has(state)),
      [],
    );
  });

  it('maps items to Lambdas that are there', () => {
    const missing = [...mapped('lambdas')].filter((lambda) => !existsSync(join(project, `lambdas/${lambda}.ts`)));

    assert.deepEqual(missing, []);
  });

  it('maps items to functions that are exported', () => {
    const missing = items.flatMap(([, { functions }]) => functions.filter((each) => !isExported(each)));

    assert.deepEqual(missing, []);
  });

  it('maps items to tests whose titles are there', () => {
    const missing = items.flatMap(([, { tests }]) => tests.filter((each) => !hasTitle(each)));

    assert.deepEqual(missing, []);
  });

  it('leaves no state of a machine without an item or a reason', () => {
    const left = [...states.values()].filter(({ name, isEnd }) => !isEnd && !mapped('states').has(name));

    assert.deepEqual(
      left.map(({ name }) => name).filter((name) => !Object.hasOwn(trace.excused, name)),
      [],
    );
  });

  it('leaves no Lambda of a machine without an item, and none that its machine does not call', () => {
    const machines = [...new Set([...states.keys()].map((name) => name.slice(0, name.indexOf('/'))))];
    const files = machines.flatMap((machine) =>
      readdirSync(join(project, 'lambdas', machine)).map((file) => `${machine}/${file.replace(/\.ts$/, '')}`),
    );

    assert.deepEqual(
      files.filter((lambda) => !mapped('lambdas').has(lambda)),
      [],
    );
    assert.deepEqual(files.toSorted(), calledLambdas(project).toSorted());
  });

  it('maps each state to an item of the section that its own comment cites', () => {
    const wrong = [...states.values()].filter(({ name, comment }) => {
      const cited = CITED.exec(comment)?.groups?.['item'];
      const ids = items.flatMap(([id, item]) => (item.states.includes(name) ? [id.replace('go-no-go', '2')] : []));
      return cited !== undefined && ids.length > 0 && !ids.some((id) => id === cited || id.startsWith(`${cited}.`));
    });

    assert.deepEqual(
      wrong.map(({ name, comment }) => `${name}: ${comment}`),
      [],
    );
  });

  it('says what is not built yet, and the list only gets shorter', (test) => {
    const missing = items.flatMap(([id, { notBuilt }]) => (notBuilt === undefined ? [] : [{ id, notBuilt }]));

    for (const { id, notBuilt } of missing) test.diagnostic(`${id} is not built yet: ${notBuilt}`);
    assert.deepEqual(
      missing.map(({ id }) => id),
      NOT_BUILT,
    );
  });

  it('is what docs/runbook-trace.md shows: node scripts/runbook-trace.ts', () => {
    assert.equal(read('docs/runbook-trace.md'), tracePage(trace));
  });
});

/** `<file>#<name>` where the file exports that name. */
function isExported(place: string): boolean {
  const [file = '', name] = place.split('#');
  if (!existsSync(join(project, file))) return false;
  return new RegExp(`^export (?:async )?(?:function|const) ${name}\\b`, 'm').test(read(file));
}

/** `<file> > <words>` where a title of a test, or of a group of tests, holds these words. */
function hasTitle(place: string): boolean {
  const [file = '', ...words] = place.split(' > ');
  if (!existsSync(join(project, file))) return false;
  const titles = [...read(file).matchAll(/\b(?:it|describe)\(\s*(['"`])(?<title>(?:\\.|(?!\1)[\s\S])*)\1/g)];
  return titles.some(({ groups }) => groups?.['title']?.includes(words.join(' > ')));
}
