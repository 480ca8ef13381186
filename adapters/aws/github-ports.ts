import { ResourceNotFoundException, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { githubCiChecks } from '../github/github-ci-checks.ts';
import { githubClient } from '../github/github-client.ts';
import { githubTrackers } from '../github/github-trackers.ts';
import { environment } from './environment.ts';
import { createSecret } from './secrets.ts';

const secret = createSecret(new SecretsManagerClient({}), environment.GITHUB_TOKEN_SECRET);

/** The token as the platform engineer has put it there; until then the secret is empty. */
const token = async (): Promise<string> => {
  try {
    return await secret();
  } catch (error) {
    if (error instanceof ResourceNotFoundException) throw new Error('none is configured (docs/deploy.md)');
    throw error;
  }
};

const github = githubClient({ baseUrl: environment.GITHUB_API_URL, token });

/** GitHub as a tracker of tickets and as a CI service: for the gates of a launch alone, so that no other Lambda carries it. */
export const githubPorts = { trackers: githubTrackers(github), ciChecks: githubCiChecks(github) };
