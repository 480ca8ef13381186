import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { goNoGo } from '../../domain/launch/go-no-go.ts';
import type { GoNoGoDecision } from '../../domain/launch/go-no-go-decision.ts';
import { digestOf } from '../../domain/ledger/digest.ts';
import { completeEvidence } from '../fakes/go-no-go-evidence.ts';
import { runCommand } from './run-command.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

const open = standInForEachTest();

describe('runs gates', () => {
  let folder = '';
  let decision: GoNoGoDecision;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'G-gates-'));
    const evidence = await completeEvidence();
    const gate = goNoGo(evidence);
    decision = { v: 1, run: evidence.run, verdict: gate.verdict, gate, evidence };
  });
  after(() => rm(folder, { recursive: true, force: true }));
  const serving = (gates: GoNoGoDecision | null) =>
    open((app) =>
      app.get('/v1/runs/:id/gates', (context) =>
        context.json({
          run: decision.run,
          files: gates
            ? [{ file: 'go-no-go.json', key: 'reports/go-no-go.json', hash: digestOf(gates), gates: [gates.gate] }]
            : [],
          decision: gates,
        }),
      ),
    );
  const edited = (): GoNoGoDecision => ({ ...decision, evidence: { ...decision.evidence, killPath: null } });

  it('shows every gate with all its findings, those that say no or warn first', async () => {
    const no = goNoGo({ ...decision.evidence, plan: { unchanged: false, said: 'limits were edited' } });
    const { url } = await serving({ ...decision, verdict: no.verdict, gate: no });

    const { code, stdout } = await runCommand(['runs', 'gates', decision.run, '--url', url]);

    assert.equal(code, 0);
    const lines = stdout.split('\n');
    assert.match(lines[2] ?? '', /^go-no-go\.json {2}sha256:[0-9a-f]{64}$/);
    assert.equal(lines[3], '✖ go/no-go: plan is limits were edited, expected as it was signed (no-go)');
    assert.equal(lines[4], '    ✖ plan: expected as it was signed, found limits were edited');
    assert.match(lines[5] ?? '', /^ {4}! kill-path\..*: expected /);
    assert.ok(lines.includes('    ✓ btc-momentum-1.acknowledgements: healthy'));
    assert.equal(lines.filter((line) => line.startsWith('    ')).length, no.findings.length);
  });

  it('says so while no gate was judged, and refuses to replay what was not decided', async () => {
    const { url } = await serving(null);

    const shown = await runCommand(['runs', 'gates', decision.run, '--url', url]);
    const replayed = await runCommand(['runs', 'gates', decision.run, '--replay', '--url', url]);

    assert.match(shown.stdout, /no gate was judged yet/);
    assert.deepEqual([replayed.code, /came to no go\/no-go decision/.test(replayed.stderr)], [10, true]);
  });

  it('replays the verdict of an archived launch: the same evidence says the same', async () => {
    const { url } = await serving(decision);

    const { code, stdout } = await runCommand(['runs', 'gates', decision.run, '--replay', '--url', url]);

    assert.equal(code, 0);
    assert.match(stdout, /^✓ same: launch-btc-momentum-\S+: warn on \d+ findings at 2026-11-24T12:00:00\.000Z/);
  });

  it('replays it from a file without any control plane, and ends with 5 when it is different, saying where', async () => {
    const { url } = await serving(decision);
    const file = join(folder, 'go-no-go.json');
    const saved = await runCommand(['runs', 'gates', decision.run, '--save', file, '--url', url]);
    assert.equal(saved.code, 0, saved.stderr);
    const same = await runCommand(['runs', 'gates', '--replay', '--file', file]);
    await writeFile(file, JSON.stringify(edited()));

    const different = await runCommand(['runs', 'gates', '--replay', '--file', file, '--output', 'jsonl']);

    assert.equal(same.code, 0, same.stderr);
    const [said] = different.lines as [{ same: boolean; recomputed: string; differs: string[] }];
    assert.deepEqual([different.code, said.same, said.recomputed], [5, false, 'no-go']);
    assert.ok(said.differs.includes('kill-path'));
  });

  it('overwrites no file, and takes nothing for a decision that is none', async () => {
    const { url } = await serving(decision);
    const file = join(folder, 'mine.json');
    await writeFile(file, '{"v":1}');

    const codes = [
      await runCommand(['runs', 'gates', decision.run, '--save', file, '--url', url]),
      await runCommand(['runs', 'gates', '--replay', '--file', file]),
      await runCommand(['runs', 'gates', '--replay', '--file', join(folder, 'gone.json')]),
      await runCommand(['runs', 'gates', '--replay', '--file', folder]),
      await runCommand(['runs', 'gates', '--url', url]),
    ].map(({ code }) => code);

    assert.deepEqual(codes, [2, 2, 2, 2, 2]);
    assert.equal(await readFile(file, 'utf8'), '{"v":1}');
  });
});
