import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { OpenApiDocument } from './open-api.ts';

type Operation = { summary?: string; security?: { bearer: string[] }[]; requestBody?: unknown };

/** The API's documentation as one plain page: no script, nothing from elsewhere. */
export function docsPage({ info, paths }: OpenApiDocument): HtmlEscapedString | Promise<HtmlEscapedString> {
  const rows = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => row(method, path, operation as Operation)),
  );
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${info.title}: API</title>
        <style>
          body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff; }
          section { border-top: 1px solid #ccc; padding: 0.75rem 0; }
          code, pre { font-family: ui-monospace, monospace; font-size: 0.9em; }
          pre { background: #f4f4f4; padding: 0.75rem; overflow-x: auto; }
        </style>
      </head>
      <body>
        <h1>${info.title}</h1>
        <p>${info.description} Machine readable: <a href="/openapi.json">openapi.json</a>. Errors are RFC 9457 problem details with a code, what happened, and what to do next.</p>
        ${rows}
      </body>
    </html>`;
}

function row(method: string, path: string, { summary, security, requestBody }: Operation) {
  const scope = security?.[0]?.bearer.join(' ');
  return html`<section>
    <h2><code>${method.toUpperCase()} ${path}</code></h2>
    <p>${summary}${scope === undefined ? '' : html`. Scope: <code>${scope}</code>`}</p>
    ${requestBody ? html`<details><summary>Body</summary><pre>${JSON.stringify(requestBody, null, 2)}</pre></details>` : ''}
  </section>`;
}
