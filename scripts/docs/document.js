import { escapeHtml } from './markdown.js';

/**
 * A whole page with the look of the documentation. `styles` are names below `/assets/`, besides the site's own.
 * @param {{ title: string, description?: string, styles: readonly string[], bodyClass: string, body: string }} parts
 */
export function documentHtml({ title, description, styles, bodyClass, body }) {
  const about = description === undefined ? '' : `\n    <meta name="description" content="${escapeHtml(description)}" />`;
  const links = ['site', 'docs', 'code', ...styles].map((name) => `\n    <link rel="stylesheet" href="/assets/${name}.css" />`);
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />${about}
    <title>${escapeHtml(title)}</title>
    <link rel="icon" href="/favicon.svg" type="image/svg+xml" />${links.join('')}
    <script type="module" src="/assets/docs.js"></script>
  </head>
  <body class="${bodyClass}">
${body}
  </body>
</html>
`;
}
