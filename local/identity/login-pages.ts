import { html } from 'hono/html';
import { page } from './page.ts';

/** Why a step of the login was not accepted. The code stands in `data-refusal` of the form, for programs. */
export type LoginRefusal =
  | { readonly code: 'wrong-password' }
  | { readonly code: 'wrong-code' }
  | { readonly code: 'code-used' }
  | { readonly code: 'locked'; readonly seconds: number };

function sentence(refusal: LoginRefusal): string {
  switch (refusal.code) {
    case 'wrong-password':
      return 'That name and password do not belong together. Check both and try again.';
    case 'wrong-code':
      return 'That one-time code is not right, or its 30 seconds are over. Enter the one shown now.';
    case 'code-used':
      return 'That one-time code has already been used. Each one opens one login: wait for the next, then enter it.';
    case 'locked':
      return `Too many failed attempts with this name. Try again in ${refusal.seconds} seconds.`;
  }
}

const alert = (refusal: LoginRefusal | undefined) =>
  refusal ? html`<p role="alert" id="refusal">${sentence(refusal)}</p>` : '';

const describedBy = (refusal: LoginRefusal | undefined) =>
  refusal ? html` aria-describedby="refusal" aria-invalid="true"` : '';

const cancel = html`<button class="quiet" name="step" value="cancel" formnovalidate>Cancel</button>`;

/** The first step: name and password. `name` is what was typed before, or the login hint. */
export function passwordPage(name: string, refusal?: LoginRefusal): string {
  return page(
    'Log in',
    html`${alert(refusal)}
<form method="post" autocomplete="on" data-step="password" data-refusal="${refusal?.code ?? ''}">
<label for="name">Name</label>
<input id="name" name="name" value="${name}" required maxlength="64" autocomplete="username" autocapitalize="none" spellcheck="false" ${name ? '' : 'autofocus'}${describedBy(refusal)}>
<label for="password">Password</label>
<input id="password" name="password" type="password" required maxlength="256" autocomplete="current-password" ${name ? 'autofocus' : ''}${describedBy(refusal)}>
<button name="step" value="password">Continue</button>
${cancel}
</form>
<p class="note">The demo users of this installation and their passwords are in <code>demo-users.json</code> of its data folder.</p>`,
  );
}

/** The second step: the one-time code. */
export function codePage(name: string, refusal?: LoginRefusal): string {
  return page(
    'One-time code',
    html`${alert(refusal)}
<form method="post" autocomplete="off" data-step="code" data-refusal="${refusal?.code ?? ''}">
<p>You are logging in as <strong>${name}</strong>.</p>
<label for="code">Code from your authenticator</label>
<input id="code" name="code" required inputmode="numeric" pattern="[0-9 ]*" maxlength="7" autocomplete="one-time-code" autofocus${describedBy(refusal)}>
<button name="step" value="code">Log in</button>
${cancel}
</form>`,
  );
}

/** What went wrong before or after a login, when there is nowhere to send the browser to. */
export function errorPage(reason: string): string {
  return page(
    'This login cannot go on',
    html`<p role="alert">${reason}</p>
<p>Close this page and start again from the command line: <code>tradepulse-cli login</code></p>`,
  );
}
