import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';
import { pageAssets } from './page-assets.ts';

type Assets = typeof pageAssets;

/**
 * The page that people sign on. It is the same for everybody, and its program asks for the rest. It runs that program alone and
 * shows that style alone, by their hashes; talks to its own origin only; stands in no frame; makes no markup out of text; and
 * leaves no trace in caches or referrers.
 */
export function signingPage(assets: Assets = pageAssets): Response {
  return new Response(document(assets), {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy(assets),
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': 'publickey-credentials-get=(self), publickey-credentials-create=(self)',
      'strict-transport-security': 'max-age=31536000',
    },
  });
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const policy = ({ script, style }: Assets): string =>
  [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');

const document = ({ script, style }: Assets): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign – TradePulse</title>
<style>${raw(style)}</style>
</head>
<body>
<header>TradePulse Control Plane</header>
<main><h1>Looking up what you are asked</h1><noscript><p>This page needs JavaScript: it computes itself the digest of what you sign.</p></noscript></main>
<script>${raw(script)}</script>
</body>
</html>
`.toString();
