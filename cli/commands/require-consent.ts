import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import type { Approval } from '../replies.ts';

/** Asks the person at the terminal whether they want to sign, or decline, what they were shown; `--yes` has said so already. Refuses anything but a yes. */
export async function requireConsent(
  { surroundings, options: { as } }: Context,
  shown: readonly [Approval, ...Approval[]],
  { yes, decline }: { readonly yes?: boolean; readonly decline?: boolean },
): Promise<void> {
  if (yes) return;
  const verb = decline ? 'decline' : 'sign';
  const [{ id }, ...others] = shown;
  const these = others.length > 0 ? `all ${shown.length}` : 'this';
  const answer = await surroundings.ask(`${verb} ${these}${as ? ` as ${as}` : ''}? type 'yes': `);
  if (answer === undefined) {
    throw new CliError(
      'usage',
      `nothing was done: there is no terminal to ask whether to ${verb} ${shown.map((each) => each.id).join(', ')}`,
      `read the ${others.length > 0 ? 'documents' : 'document'} above, then add --yes`,
      { code: 'NoConsent' },
    );
  }
  if (answer.trim().toLowerCase() === 'yes') return;
  throw new CliError(
    'usage',
    `nothing was done: you did not answer 'yes'`,
    `run the command again to ${verb}, or say no: tradepulse-cli approvals decline ${others.length > 0 ? '<id>' : id} --reason <text>`,
    { code: 'NoConsent' },
  );
}
