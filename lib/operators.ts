import { Aws, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  AccountRecovery,
  CfnManagedLoginBranding,
  FeaturePlan,
  ManagedLoginVersion,
  Mfa,
  OAuthScope,
  ResourceServerScope,
  UserPool,
  type UserPoolClient,
  type UserPoolResourceServer,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { roles } from './roles.ts';
import type { Stage } from './stage.ts';

/** Where the command line waits for the sign-in to come back. Cognito compares it to the letter. */
const CLI_CALLBACK = 'http://localhost:4519/callback';

const scopes = {
  read: 'See strategies, runs, approvals and ledgers',
  operate: 'Launch, stop, settle and sign; each command is authorised by role and second factor again',
  kill: 'Kill a strategy',
};

/**
 * People and their sign-in: accounts made by an administrator only, a second factor from an authenticator app for everybody,
 * groups for roles, short-lived access tokens with scopes. The plan is one that puts `acr` and `auth_time` into tokens.
 */
export class Operators extends Construct {
  readonly pool: UserPool;
  readonly client: UserPoolClient;
  /** Where people sign in, and where engines ask for tokens: `<this>/oauth2/token`. */
  readonly signInUrl: string;

  constructor(scope: Construct, id: string, { stage }: { readonly stage: Stage }) {
    super(scope, id);
    this.pool = new UserPool(this, 'Pool', {
      featurePlan: FeaturePlan.ESSENTIALS,
      selfSignUpEnabled: false,
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      signInAliases: { username: true, email: true },
      signInCaseSensitive: false,
      accountRecovery: AccountRecovery.NONE,
      passwordPolicy: {
        minLength: 14,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(1),
      },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(this.pool).acknowledge({
      id: 'AwsSolutions-COG3',
      reason:
        'Adaptive authentication may block a sign-in, and so the person who must kill; a second factor is required from everybody instead.',
    });
    Validations.of(this.pool).acknowledge({
      id: 'AwsSolutions-COG8',
      reason:
        'The plus plan adds threat protection, which is not wanted (see COG3); acr, auth_time and managed login are in essentials.',
    });
    for (const [group, description] of Object.entries(roles))
      this.pool.addGroup(group, { groupName: group, description });
    this.client = this.#client(this.#resourceServer());
    this.signInUrl = this.#managedLogin(stage);
  }

  #resourceServer(): { server: UserPoolResourceServer; granted: ResourceServerScope[] } {
    const granted = Object.entries(scopes).map(
      ([scopeName, scopeDescription]) => new ResourceServerScope({ scopeName, scopeDescription }),
    );
    return {
      server: this.pool.addResourceServer('ControlPlane', { identifier: 'control-plane', scopes: granted }),
      granted,
    };
  }

  /** A public client: authorization code with PKCE, no secret to keep on a desk, no way in that skips the second factor. */
  #client({ server, granted }: { server: UserPoolResourceServer; granted: ResourceServerScope[] }): UserPoolClient {
    return this.pool.addClient('Operator', {
      generateSecret: false,
      oAuth: {
        flows: { authorizationCodeGrant: true },
        callbackUrls: [CLI_CALLBACK],
        scopes: [OAuthScope.OPENID, ...granted.map((each) => OAuthScope.resourceServer(server, each))],
      },
      accessTokenValidity: Duration.minutes(10),
      idTokenValidity: Duration.minutes(10),
      refreshTokenValidity: Duration.hours(12),
      enableTokenRevocation: true,
      preventUserExistenceErrors: true,
    });
  }

  /** Managed login is what understands `acr_values` and `max_age`; without a branding it serves no page. */
  #managedLogin({ name }: Stage): string {
    const cognitoDomain = { domainPrefix: `tradepulse-${name}-${Aws.ACCOUNT_ID}` };
    const domain = this.pool.addDomain('Domain', {
      cognitoDomain,
      managedLoginVersion: ManagedLoginVersion.NEWER_MANAGED_LOGIN,
    });
    const branding = new CfnManagedLoginBranding(this, 'Branding', {
      userPoolId: this.pool.userPoolId,
      clientId: this.client.userPoolClientId,
      useCognitoProvidedValues: true,
    });
    branding.node.addDependency(domain);
    return domain.baseUrl();
  }
}
