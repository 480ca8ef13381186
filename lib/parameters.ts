import { CfnParameter, type Stack } from 'aws-cdk-lib';

/** What differs from one deployment to the next without the code changing. The local host overrides them too. */
export type Parameters = {
  readonly EngineBaseUrl: CfnParameter;
  readonly VenueBaseUrl: CfnParameter;
  readonly TrustedManifestKeys: CfnParameter;
  readonly GithubApiUrl: CfnParameter;
  readonly SigningOrigin: CfnParameter;
  readonly RelyingPartyId: CfnParameter;
};

const url = (description: string, fallback: string) => ({
  type: 'String',
  default: fallback,
  description,
  allowedPattern: 'https?://.+',
});

const TRUSTED_KEY = '(ci:)?[A-Za-z0-9+/]{59}==[A-Za-z0-9:_-]+';

/** The stack's parameters, under these very names. */
export const parameters = (stack: Stack): Parameters => ({
  EngineBaseUrl: new CfnParameter(
    stack,
    'EngineBaseUrl',
    url(
      'What EngineBaseUrl stands for in config/strategies.yaml: where the engines take commands',
      'http://127.0.0.1:4511',
    ),
  ),
  VenueBaseUrl: new CfnParameter(
    stack,
    'VenueBaseUrl',
    url(
      'What VenueBaseUrl stands for in config/strategies.yaml: where orders are listed and cancelled',
      'http://127.0.0.1:4512',
    ),
  ),
  TrustedManifestKeys: new CfnParameter(stack, 'TrustedManifestKeys', {
    type: 'String',
    default: '',
    description:
      'Keys whose signature counts beside those of config/manifest-keys.yaml, for an installation that makes its own: <key>=<holder>, or ci:<key>=<holder> for CI, separated by commas; base64 DER SPKI Ed25519. Empty on AWS',
    allowedPattern: `(${TRUSTED_KEY}(,${TRUSTED_KEY})*)?`,
  }),
  GithubApiUrl: new CfnParameter(stack, 'GithubApiUrl', {
    type: 'String',
    default: 'https://api.github.com',
    description: 'Where tickets and checks at GitHub are read: another one for a GitHub Enterprise server',
    allowedPattern: 'https://[a-z0-9.-]+(:[0-9]+)?(/api/v3)?',
  }),
  SigningOrigin: new CfnParameter(stack, 'SigningOrigin', {
    type: 'String',
    default: '',
    description:
      'Where people sign, e.g. https://sign.example.com: a custom domain of the operator API. It never changes, since every signature names it. Empty: nobody can sign, and no launch passes',
    allowedPattern: '(https://[a-z0-9.-]+(:[0-9]+)?|http://localhost:[0-9]+)?',
  }),
  RelyingPartyId: new CfnParameter(stack, 'RelyingPartyId', {
    type: 'String',
    default: '',
    description:
      'The domain that authenticators are enrolled for: the host of SigningOrigin, or a domain above it. With another one all of them have to be enrolled anew',
    allowedPattern: '[a-z0-9.-]*',
  }),
});
