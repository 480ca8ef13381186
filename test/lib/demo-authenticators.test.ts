import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { synthesized } from './synthesized.ts';

const { template, resources } = synthesized();
const functions = resources('AWS::Lambda::Function').map(([, { Properties }]) => Properties);
const environmentOf = (properties: Record<string, unknown>): Record<string, unknown> =>
  Object(properties['Environment']).Variables ?? {};

/** What a function of the template makes of its environment: the ports that it would start with. */
function portsWith(environment: Record<string, string>, file: string, show: string): string {
  const script = `const all = await import('./adapters/aws/${file}.ts'); console.log(${show});`;
  const env = {
    PATH: process.env['PATH'],
    AWS_REGION: 'us-east-1',
    CONTROL_TABLE: 'C',
    LEDGER_TABLE: 'L',
    TOKEN_ISSUER: 'https://issuer.example',
    ...environment,
  };
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env,
    encoding: 'utf8',
  });
  return stdout.trim() || stderr;
}
/** Where the two decide that take a signature, and that act on one. */
const deciding = [
  ['sign-ports', 'all.signPorts.webauthn.demoAuthenticators'],
  ['ports', 'all.ports.demoAuthenticators'],
] as const;

describe('demo authenticators on AWS', () => {
  it('are spoken of by no function of the template, and by no parameter that a deployment could set', () => {
    const speaking = functions.filter((each) => 'DEMO_AUTHENTICATORS' in environmentOf(each));

    assert.ok(functions.length > 40);
    assert.deepEqual(speaking, []);
    assert.doesNotMatch(Object.keys(template.toJSON()['Parameters'] ?? {}).join(), /demo/i);
  });

  for (const [file, show] of deciding) {
    it(`are refused by ${file}, which nobody told otherwise`, () => {
      assert.equal(portsWith({}, file, show), 'refused');
    });

    it(`are accepted by ${file} where the host of one machine says so, and by no other word`, () => {
      assert.equal(portsWith({ DEMO_AUTHENTICATORS: 'accepted' }, file, show), 'accepted');
      assert.match(portsWith({ DEMO_AUTHENTICATORS: 'yes' }, file, show), /DEMO_AUTHENTICATORS/);
    });
  }

  it('could not even be used for a page: the function that signs knows one origin and one domain', () => {
    const sign = functions.find((each) => /signing sessions/.test(String(each['Description'])));

    const { SIGNING_ORIGIN, RP_ID } = environmentOf(sign ?? assert.fail('no function signs'));
    assert.deepEqual([SIGNING_ORIGIN, RP_ID], [{ Ref: 'SigningOrigin' }, { Ref: 'RelyingPartyId' }]);
  });
});
