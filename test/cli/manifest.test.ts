import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import * as z from 'zod';
import { digestOf } from '../../domain/ledger/digest.ts';
import { LIMITS, PARAMETERS } from '../fakes/world.ts';
import { runCommand } from './run-command.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

const COMMIT = 'c0ffee0123456789abcdef0123456789abcdef01';
const Statement = z.looseObject({
  predicate: z.looseObject({ limitsDigest: z.string(), parametersDigest: z.string() }),
});

describe('manifest', () => {
  let folder = '';
  const standIn = standInForEachTest();
  const at = (name: string) => join(folder, name);
  const cli = (...args: string[]) => runCommand(['manifest', ...args, '--output', 'jsonl']);
  const create = (out: string, ...more: string[]) =>
    cli(
      ...['create', '--strategy', 'btc-momentum', '--artifact', at('artifact'), '--parameters', at('parameters.json')],
      ...[
        '--limits',
        at('limits.yaml'),
        '--ticket',
        'OPS-12',
        '--commit',
        COMMIT,
        '--ci-run',
        'run 7',
        '--env',
        'prod',
      ],
      ...['--out', out, ...more],
    );
  const keysFile = async (changes: Record<string, unknown> = {}) => {
    const { publicKey } = JSON.parse(await readFile(at('quant.key.json'), 'utf8')) as { publicKey: string };
    const key = { id: 'quant-2026', publicKey, holder: 'sub-quant', from: '2026-01-01T00:00:00Z', ...changes };
    await writeFile(at('keys.yaml'), JSON.stringify({ keys: [key] }));
  };
  const errorOf = ({ lines }: { lines: unknown[] }) =>
    z.looseObject({ error: z.looseObject({ code: z.string(), message: z.string() }) }).parse(lines.at(-1)).error;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'manifest-cli-'));
    await writeFile(at('artifact'), 'the artifact');
    await writeFile(at('parameters.json'), JSON.stringify(PARAMETERS));
    await writeFile(at('limits.yaml'), JSON.stringify({ version: 1, strategies: { 'btc-momentum': LIMITS } }));
    for (const name of ['quant', 'risk'])
      assert.equal((await cli('keygen', '--id', `${name}-2026`, '--file', at(`${name}.key.json`))).code, 0);
    assert.equal((await create(at('statement.json'))).code, 0);
    assert.equal(
      (await cli('sign', at('statement.json'), '--key', at('quant.key.json'), '--out', at('one.json'))).code,
      0,
    );
  });
  after(() => rm(folder, { recursive: true }));

  it('keeps a key where only its holder reads it, prints its public half, and never overwrites one', async () => {
    const { mode } = await stat(at('quant.key.json'));
    const again = await cli('keygen', '--id', 'quant-2026', '--file', at('quant.key.json'));

    assert.equal(mode & 0o777, 0o600);
    assert.equal(again.code, 2);
    const table = await runCommand(['manifest', 'keygen', '--id', 'sre-2026', '--file', at('sre.key.json')]);
    assert.match(table.stdout, / - id: sre-2026\n +publicKey: MCowBQ[^ ]+\n +holder: <your subject id>/);
    assert.doesNotMatch(table.stdout, /privateKey|MC4CAQ/);
    assert.equal((await cli('keygen', '--id', 'Not An Id', '--file', at('x.json'))).code, 2);
  });

  it('makes the statement out of the digests of the files, as the gates compute them', async () => {
    const { predicate } = Statement.parse(JSON.parse(await readFile(at('statement.json'), 'utf8')));

    assert.deepEqual([predicate.limitsDigest, predicate.parametersDigest], [digestOf(LIMITS), digestOf(PARAMETERS)]);
    assert.deepEqual(
      [predicate['issuedAt'], predicate['expiresAt'], predicate['commit']],
      ['2026-11-23T14:05:09.000Z', '2026-11-30T14:05:09.000Z', COMMIT],
    );
  });

  it('prints it where no file is named, and takes a digest in place of the artifact', async () => {
    const artifact = digestOf('x');

    const { code, lines } = await runCommand([
      ...[
        'manifest',
        'create',
        '--strategy',
        'btc-momentum',
        '--artifact',
        artifact,
        '--parameters',
        at('parameters.json'),
      ],
      ...['--limits', at('limits.yaml'), '--ticket', 'github:desk/strategies#7', '--commit', COMMIT, '--ci-run', '7'],
      ...['--env', 'prod', '--expires', '12h', '--output', 'jsonl'],
    ]);

    assert.equal(code, 0);
    assert.match(JSON.stringify(lines), new RegExp(artifact.slice('sha256:'.length)));
  });

  const wrong: readonly (readonly [string, string[], RegExp])[] = [
    ['a short commit', ['--commit', 'c0ffee0'], /a commit is all its 40 or 64 hex digits/],
    ['a ticket that is none', ['--ticket', 'my mail'], /a ticket is like OPS-12/],
    ['half a digest', ['--artifact', 'sha256:12'], /is no digest/],
    ['an artifact that is not there', ['--artifact', '/nowhere'], /cannot be read/],
    ['a strategy without limits', ['--strategy', 'eurusd-carry'], /has no limits for eurusd-carry/],
  ];
  for (const [what, more, told] of wrong) {
    it(`makes none of ${what}`, async () => {
      const made = await create(at('never.json'), ...more);

      assert.equal(made.code, 2);
      assert.match(errorOf(made).message, told);
    });
  }

  it('says in which line the limits are wrong', async () => {
    await writeFile(at('wrong.yaml'), 'version: 1\nstrategies:\n  btc-momentum:\n    currency: 5\n');

    const made = await create(at('never.json'), '--limits', at('wrong.yaml'));

    assert.match(errorOf(made).message, /wrong\.yaml:4:\d+: strategies\.btc-momentum\.currency/);
  });

  it('refuses a duration that is none', async () => {
    assert.equal((await create(at('never.json'), '--expires', '9y')).code, 2);
  });

  it('lets several people sign, each once', async () => {
    const two = await cli('sign', at('one.json'), '--key', at('risk.key.json'), '--out', at('two.json'));
    const again = await cli('sign', at('two.json'), '--key', at('quant.key.json'));

    assert.deepEqual([two.code, again.code], [0, 2]);
    assert.match(errorOf(again).message, /quant-2026 has signed this already/);
    const { signatures } = JSON.parse(await readFile(at('two.json'), 'utf8')) as { signatures: { keyid: string }[] };
    assert.deepEqual(
      signatures.map(({ keyid }) => keyid),
      ['quant-2026', 'risk-2026'],
    );
  });

  it('signs nothing that is no manifest, and with nothing that is no key', async () => {
    await writeFile(at('junk.json'), '{"_type":"x"}');

    assert.equal((await cli('sign', at('junk.json'), '--key', at('quant.key.json'))).code, 2);
    assert.equal((await cli('sign', at('statement.json'), '--key', at('junk.json'))).code, 2);
    assert.equal((await cli('sign', at('statement.json'), '--key', at('artifact'))).code, 2);
  });

  it('verifies offline with exit code 0, every finding told', async () => {
    await keysFile();

    const { code, lines } = await cli(
      'verify',
      at('one.json'),
      '--trusted-keys',
      at('keys.yaml'),
      '--ticket',
      'OPS-12',
    );

    assert.equal(code, 0);
    const { verdict, findings } = z
      .looseObject({ verdict: z.string(), findings: z.array(z.unknown()) })
      .parse(lines[0]);
    assert.deepEqual([verdict, findings.length], ['go', 8]);
  });

  for (const [what, more, changes, told] of [
    ['a key that was revoked', [], { revokedAt: '2026-11-01T00:00:00Z', reason: 'lost' }, /revoked at 2026-11-01/],
    ['a key that had run out', [], { until: '2026-02-01T00:00:00Z' }, /good from .* until 2026-02-01/],
    ['another environment', ['--env', 'paper'], {}, /change\.environment: expected paper, found prod/],
    ['another ticket', ['--ticket', 'OPS-1'], {}, /change\.ticket: expected OPS-1, found OPS-12/],
    ['another artifact', ['--artifact', digestOf('x')], {}, /✖ change\.artifact/],
    ['another strategy', ['--strategy', 'eurusd-carry'], {}, /✖ change\.strategy/],
  ] as const) {
    it(`ends with exit code 3 for ${what}, in plain words`, async () => {
      await keysFile(changes);

      const args = ['verify', at('one.json'), '--trusted-keys', at('keys.yaml'), ...more];
      const { code, stdout } = await runCommand(['manifest', ...args]);

      assert.equal(code, 3);
      assert.match(stdout, told);
    });
  }

  it('refuses a list of keys with the line of its mistake, and what is no signed manifest', async () => {
    await writeFile(at('bad-keys.yaml'), 'keys:\n  - id: quant-2026\n    publicKey: x\n');
    await keysFile();

    const bad = await cli('verify', at('one.json'), '--trusted-keys', at('bad-keys.yaml'));
    const unsigned = await cli('verify', at('statement.json'), '--trusted-keys', at('keys.yaml'));
    const nonsense = await cli('verify', at('one.json'), '--trusted-keys', at('keys.yaml'), '--artifact', 'x');

    assert.deepEqual([bad.code, unsigned.code, nonsense.code], [2, 3, 2]);
    assert.match(errorOf(bad).message, /bad-keys\.yaml:3:\d+: keys\.0\.publicKey/);
  });

  it('does not even read a manifest of five megabytes', async () => {
    await writeFile(at('huge.json'), ' '.repeat(5_000_000));

    const huge = await cli('publish', at('huge.json'));

    assert.equal(huge.code, 2);
    assert.match(errorOf(huge).message, /5000000 bytes, more than 65536/);
  });

  it('publishes the envelope as it is, for the strategy that it names', async () => {
    const plane = await standIn((app) =>
      app.post('/v1/strategies/:id/manifests', (context) =>
        context.json({
          key: 'k',
          digest: 'sha256:1',
          replaces: 'sha256:0',
          signers: ['sub-quant'],
          summary: 'published',
        }),
      ),
    );

    const { code, stderr } = await cli('publish', at('one.json'), '--url', plane.url);

    assert.equal(code, 0);
    assert.match(stderr, /signed by sub-quant; takes the place of sha256:0/);
    const [request] = plane.requests;
    assert.equal(request?.path, '/v1/strategies/btc-momentum/manifests');
    assert.deepEqual(request?.body, JSON.parse(await readFile(at('one.json'), 'utf8')));
  });
});
