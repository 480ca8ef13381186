import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import type { SigningPage } from '../replies.ts';

const PAUSE_MS = 500;

/**
 * Opens a page in the person's browser, and looks until `look` finds what came of it. The address is shown as well: over ssh it is
 * opened by hand. Refuses once the page is over, and when the person presses Ctrl-C; what was done on the page by then stands.
 */
export async function waitOnPage<T>(
  { out, surroundings }: Context,
  { url, expiresAt }: Pick<SigningPage, 'url' | 'expiresAt'>,
  what: string,
  look: () => Promise<T | undefined>,
): Promise<T> {
  out.note(`${what} in your browser, with your authenticator: ${url}`);
  surroundings.openBrowser(url);
  for (;;) {
    const isOver = surroundings.now().toISOString() >= new Date(expiresAt).toISOString();
    const found = await look();
    if (found !== undefined) return found;
    if (isOver)
      throw new CliError('timeout', 'nothing was done on that page, which is over now', 'run the command again', {
        code: 'SigningPageOver',
      });
    if (surroundings.interrupted.aborted)
      throw new CliError(
        'interrupted',
        'no longer waiting for that page, which stays open until its five minutes are over',
        'finish there, or close it',
        { code: 'SigningInterrupted' },
      );
    out.transient(`  waiting for you to ${what}`);
    await surroundings.sleep(PAUSE_MS);
  }
}
