import { interactionPolicy } from 'oidc-provider';

/**
 * When people are sent to the login pages: without a session, with `prompt=login`, when the login is older than `max_age`, and
 * when none of the `acr_values` is what the session has. The last one is met by a fresh login even if it reaches a lower level,
 * as Cognito does: whoever asks for a level has to look at the `acr` of the token. There is no consent page: clients are our own.
 */
export function loginPolicy(): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base();
  policy.remove('consent');
  policy.get('login')?.checks.add(
    new interactionPolicy.Check('acr_values', 'another level of authentication is required', ({ oidc }) => {
      const asked = oidc.params?.['acr_values'];
      if (typeof asked !== 'string' || oidc.result?.login) return interactionPolicy.Check.NO_NEED_TO_PROMPT;
      return asked.split(' ').includes(oidc.session?.acr ?? '')
        ? interactionPolicy.Check.NO_NEED_TO_PROMPT
        : interactionPolicy.Check.REQUEST_PROMPT;
    }),
  );
  return policy;
}
