import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';

const STYLE = `
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
  body { margin: 0; display: grid; min-height: 100vh; place-items: center; }
  main { width: min(22rem, 100vw - 2rem); padding: 2rem 1rem; }
  h1 { font-size: 1.5rem; margin: 0 0 1rem; }
  label { display: block; margin: 1rem 0 .25rem; font-weight: 600; }
  input { box-sizing: border-box; width: 100%; padding: .6rem; font: inherit; border: 1px solid GrayText; border-radius: .3rem; }
  button { width: 100%; margin-top: 1.25rem; padding: .7rem; font: inherit; font-weight: 600; border-radius: .3rem; border: 1px solid; cursor: pointer; }
  button.quiet { margin-top: .75rem; background: none; font-weight: 400; border-color: transparent; text-decoration: underline; }
  :focus-visible { outline: 3px solid Highlight; outline-offset: 2px; }
  [role=alert] { padding: .75rem; border: 2px solid; border-radius: .3rem; }
  .note { font-size: .9rem; }
`;

const styleHash = createHash('sha256').update(STYLE).digest('base64');

/**
 * Nothing from anywhere: no script, image, font or frame; only the style above. Forms go back to us, and from there by redirect to
 * the command line that waits on loopback (browsers hold redirects to `form-action` too).
 */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self' http://127.0.0.1:* http://localhost:*; frame-ancestors 'none'; base-uri 'none'`,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** A whole page of the login, from its title and content. Everything in `content` has been escaped by the `html` tag. */
export function page(title: string, content: ReturnType<typeof html>): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – TradePulse</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`.toString();
}
