import { CfnParameter, type Stack } from 'aws-cdk-lib';

/** What differs from one deployment to the next without the code changing. The local host overrides them too. */
export type Parameters = {
  readonly EngineBaseUrl: CfnParameter;
  readonly VenueBaseUrl: CfnParameter;
  readonly TrustedManifestKeys: CfnParameter;
  readonly GithubApiUrl: CfnParameter;
  readonly SigningOrigin: CfnParameter;
  readonly RelyingPartyId: CfnParameter;
  readonly MessageHosts: CfnParameter;
  readonly MailFrom: CfnParameter;
};

const url = (description: string, fallback: string) => ({
  type: 'String',
  default: fallback,
  description,
  allowedPattern: 'https?://.+',
});

const HOST = '[a-z0-9.-]+(:[0-9]{1,5})?';
const MESSAGE_HOSTS = ['hooks.slack.com', 'slack.com', 'events.pagerduty.com', 'events.eu.pagerduty.com'];

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
  ...messageParameters(stack),
});

/** Where messages may go, and who mail is from. */
const messageParameters = (stack: Stack): Pick<Parameters, 'MessageHosts' | 'MailFrom'> => ({
  MessageHosts: new CfnParameter(stack, 'MessageHosts', {
    type: 'String',
    default: MESSAGE_HOSTS.join(','),
    description:
      'The only hosts that messages are sent to, separated by commas: <host>, or <host>:<port> for another port than 443 and for mail servers. Over TLS always, but to 127.0.0.1',
    allowedPattern: `${HOST}(,${HOST})*`,
  }),
  MailFrom: new CfnParameter(stack, 'MailFrom', {
    type: 'String',
    default: '',
    description:
      'The address that mail is sent from over Amazon SES: of an identity that is verified there. Empty: no mail is sent over SES, and each says so',
    allowedPattern: '([A-Za-z0-9._+-]+@[A-Za-z0-9.-]+)?',
  }),
});
