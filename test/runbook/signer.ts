import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { Credentials } from '../../cli/replies.ts';
import { demoAuthenticator } from '../../cli/session/demo-authenticator.ts';
import {
  type Ceremony,
  type SoftwareAuthenticator,
  softwareAssertion,
} from '../../domain/crypto/software-authenticator.ts';
import { challengeOf } from '../../domain/signature/assertion.ts';
import { newAuthenticator } from '../fakes/passkeys.ts';
import type { OnALocalHost } from './on-a-local-host.ts';
import type { DemoName } from './tokens.ts';

/** One answer as somebody sends it: as whom, and with what. */
export type Attempt = {
  readonly as: DemoName;
  readonly token?: string;
  readonly body: Record<string, unknown>;
};
type Asked = { readonly digest: string };

const Local = z.looseObject({ url: z.url() });
const Proof = z.looseObject({
  ...{ credential: z.string(), clientDataJSON: z.string() },
  ...{ authenticatorData: z.string(), signature: z.string() },
});
const HIGH = 1_000_000; // beyond every counter that was seen; what is refused raises none

/** Real assertions by the authenticators of a host's demo users, each with one thing about it as it should not be. */
export function signer(here: OnALocalHost) {
  const authenticatorOf = async (as: DemoName): Promise<SoftwareAuthenticator> => {
    const found = await demoAuthenticator(here.host.data, as);
    if (!found) throw new Error(`${as} has no authenticator`);
    return found;
  };
  const page = async () => {
    const { url } = Local.parse(JSON.parse(await readFile(join(here.host.data, 'local.json'), 'utf8')));
    return { rpId: 'localhost', origin: url.replace('127.0.0.1', 'localhost') };
  };
  const assertionBy = async (
    authenticator: SoftwareAuthenticator,
    { digest }: Asked,
    changes: Partial<Ceremony> = {},
  ) =>
    softwareAssertion(authenticator, {
      ...{ type: 'webauthn.get', challenge: challengeOf(digest), ...(await page()), counter: HIGH },
      ...changes,
    });
  const yes = (as: DemoName, { digest }: Asked, assertion: object): Attempt => ({
    as,
    body: { decision: 'approve', digest, assertion },
  });
  const approves = async (as: DemoName, asked: Asked, changes?: Partial<Ceremony>) =>
    yes(as, asked, await assertionBy(await authenticatorOf(as), asked, changes));

  return {
    approves,
    /** An authenticator that nobody has enrolled. */
    stranger: async (as: DemoName, asked: Asked) =>
      yes(
        as,
        asked,
        await assertionBy(newAuthenticator(Buffer.from('a key that nobody has enrolled').toString('base64url')), asked),
      ),
    /** What a person really gave for an earlier question, as it stands in that question for everybody to read. */
    replayed(as: DemoName, asked: Asked, given: unknown): Attempt {
      const { credential: id, clientDataJSON, authenticatorData, signature } = Proof.parse(Object(given).proof);
      const response = { clientDataJSON, authenticatorData, signature };
      return yes(as, asked, { id, rawId: id, type: 'public-key', response, clientExtensionResults: {} });
    },
    withDeviceOf: async (as: DemoName, owner: DemoName, asked: Asked) =>
      yes(as, asked, await assertionBy(await authenticatorOf(owner), asked)),
    /** The client data says another thing than what was signed, yet names the right challenge and page. */
    async tampered(as: DemoName, asked: Asked) {
      const assertion = await assertionBy(await authenticatorOf(as), asked);
      const said = JSON.parse(Buffer.from(assertion.response.clientDataJSON, 'base64url').toString('utf8'));
      const clientDataJSON = Buffer.from(JSON.stringify({ ...said, added: true })).toString('base64url');
      return yes(as, asked, { ...assertion, response: { ...assertion.response, clientDataJSON } });
    },
    /** Somebody else's key under the id of this person's. */
    async forged(as: DemoName, asked: Asked) {
      const { id } = await authenticatorOf(as);
      return yes(as, asked, await assertionBy({ ...newAuthenticator(id), id }, asked));
    },
    /** The key of a device has a name and no id of a credential: it does not even get as far as to be refused for what it is. */
    async device(as: DemoName, asked: Asked) {
      const assertion = await assertionBy(await authenticatorOf(as), asked);
      return yes(as, asked, { ...assertion, id: 'device:desk-pc', rawId: 'device:desk-pc' });
    },
    /** Has somebody's authenticators revoked; answers how they sign all the same. */
    async revoked(owner: DemoName) {
      const { id } = await authenticatorOf(owner);
      const { status, body } = await here.ask(`/v1/credentials/${id}/revocation`, { as: 'sre', body: {} });
      if (status !== 200) throw new Error(`the authenticator of ${owner} was not revoked: ${JSON.stringify(body)}`);
      const { credentials } = Credentials.parse(await here.look('/v1/credentials'));
      if (!credentials.some((each) => each.id === id && each.status === 'revoked'))
        throw new Error(`${id} is not revoked`);
      return (asked: Asked) => () => approves(owner, asked);
    },
  };
}
