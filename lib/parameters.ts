import { CfnParameter, type Stack } from 'aws-cdk-lib';

/** What differs from one deployment to the next without the code changing. The local host overrides them too. */
export type Parameters = {
  readonly EngineBaseUrl: CfnParameter;
  readonly VenueBaseUrl: CfnParameter;
  readonly TrustedManifestKeys: CfnParameter;
};

const url = (description: string, fallback: string) => ({
  type: 'String',
  default: fallback,
  description,
  allowedPattern: 'https?://.+',
});

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
      'Whose signature on a strategy manifest counts: base64 DER SPKI Ed25519 public keys, separated by commas. Empty: nobody is trusted, and no launch passes',
    allowedPattern: '[A-Za-z0-9+/=]*(,[A-Za-z0-9+/=]+)*',
  }),
});
