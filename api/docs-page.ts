import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import * as z from 'zod';
import { API_INFO, type ApiRoute, ROUTES } from './open-api.ts';

const STYLE = `
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff; }
  section { border-top: 1px solid #ccc; padding: 0.75rem 0; }
  code, pre { font-family: ui-monospace, monospace; font-size: 0.9em; }
  pre { background: #f4f4f4; padding: 0.75rem; overflow-x: auto; }`;

/** The API's documentation as one plain page: no script, nothing from elsewhere. */
export function docsPage(): HtmlEscapedString | Promise<HtmlEscapedString> {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${API_INFO.title}: API</title>
        <style>${STYLE}</style>
      </head>
      <body>
        <h1>${API_INFO.title}</h1>
        <p>${API_INFO.description} Machine readable: <a href="/openapi.json">openapi.json</a>. Errors are RFC 9457 problem details with a code, what happened, and what to do next.</p>
        ${ROUTES.map(section)}
      </body>
    </html>`;
}

function section({ method, path, summary, scope, body }: ApiRoute) {
  const schema = body && JSON.stringify(z.toJSONSchema(body, { io: 'input' }), null, 2);
  return html`<section>
    <h2><code>${method.toUpperCase()} ${path}</code></h2>
    <p>${summary}. Scope: <code>${scope}</code></p>
    ${schema === undefined ? '' : html`<details><summary>Body</summary><pre>${schema}</pre></details>`}
  </section>`;
}
