import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fromRoot } from '../../lib/from-root.ts';

const sources = ['adapters', 'api', 'bin', 'cli', 'domain', 'lambdas', 'local']
  .flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: fromRoot() }))
  .map((path) => ({ path, text: readFileSync(fromRoot(path), 'utf8') }));

const filesWith = (what: RegExp): string[] =>
  sources
    .filter(({ text }) => what.test(text))
    .map(({ path }) => path)
    .toSorted();

/** Product decision 3: after go/no-go the trader flips `live.enabled`, and there is no other way. Read from the sources, so that a new way does not go unseen. */
describe('what enables trading', () => {
  it('is written in one place, which looks at everything first', () => {
    assert.deepEqual(filesWith(/\bflags\s*\.\s*enable\b|\benable\(registration/), ['domain/launch/enable-live.ts']);
  });

  it('is asked for by two steps of machines: a launch upon its flip, a resumption upon its two signatures', () => {
    assert.deepEqual(filesWith(/\benableLive\(/), [
      'domain/launch/arm-and-enable.ts',
      'domain/launch/enable-live.ts',
      'domain/resume/arm-again.ts',
    ]);
    assert.deepEqual(filesWith(/\b(armAndEnable|armAgain)\(/), [
      'lambdas/launch/arm-and-enable.ts',
      'lambdas/resume/arm-again.ts',
    ]);
  });

  it('arms engines there, and nowhere else', () => {
    assert.deepEqual(filesWith(/\bengines\s*\.\s*arm\(/), ['domain/launch/enable-live.ts']);
  });

  it('makes a mode ACTIVE there, by one of two events, and nowhere else', () => {
    assert.deepEqual(filesWith(/\btransition\([^)]*'(enable|resume)'/), ['domain/resume/request-resume.ts']); // which only looks whether it may
    assert.deepEqual(filesWith(/event: '(enable|resume)'/), [
      'domain/launch/arm-and-enable.ts',
      'domain/resume/arm-again.ts',
    ]);
  });

  it('lets the flag be written as on by one adapter alone', () => {
    assert.deepEqual(filesWith(/CreateHostedConfigurationVersionCommand\(/), ['adapters/aws/appconfig-flags.ts']);
    assert.deepEqual(filesWith(/#deploy\(flag, locks, true\)/), ['adapters/aws/appconfig-flags.ts']);
  });

  it('has no route of its own', () => {
    const routes = sources
      .filter(({ path }) => path.startsWith('api/'))
      .flatMap(({ text }) => text.match(/'\/v1\/[^']*'/g) ?? []);
    assert.ok(routes.length > 20);
    assert.deepEqual(
      routes.filter((route) => /flag|enable|flip|arm/.test(route)),
      [],
    );
  });
});
