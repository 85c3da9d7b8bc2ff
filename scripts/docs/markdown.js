// Markdown of the documentation to HTML. Beside Markdown it knows comments, which no reader sees: `<!-- include: FILE -->`
// stands for a file of the repository as a block of code; any other says how a test takes the block behind it.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import hljs from 'highlight.js';
import { Marked } from 'marked';
import { ROOT } from '../tool.js';

/** A part of a page below one heading. @typedef {{ id: string, title: string, text: string }} Section */
/** @typedef {{ title: string, html: string, sections: readonly Section[] }} Rendered */

/** Languages of code by what a file is called. @type {Readonly<Record<string, string>>} */
const LANGUAGES = {
  service: 'ini',
  conf: 'nginx',
  yaml: 'yaml',
  yml: 'yaml',
  json: 'json',
  Caddyfile: 'text',
  Dockerfile: 'dockerfile',
};

/** The Markdown with its `include`s filled in. @param {string} markdown */
export function fillIncludes(markdown) {
  return markdown.replaceAll(/<!-- include: (\S+) -->/g, (_, path) => {
    const name = basename(path);
    const language = LANGUAGES[name] ?? LANGUAGES[name.split('.').at(-1) ?? ''] ?? 'text';
    return `\`\`\`${language}\n${readFileSync(join(ROOT, path), 'utf8').trimEnd()}\n\`\`\``;
  });
}

/** @param {string} markdown @returns {Rendered} */
export function renderMarkdown(markdown) {
  const ids = new Map();
  /** @type {{ id: string, title: string }[]} */
  const sections = [];
  let title = '';
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth }) {
        const html = this.parser.parseInline(tokens);
        const text = plain(html);
        if (depth === 1) {
          title = text;
          sections.push({ id: '', title: text });
          return `<h1>${html}</h1>\n`;
        }
        const id = unique(slug(text), ids);
        sections.push({ id, title: text });
        return `<h${depth} id="${id}"><a class="anchor" href="#${id}">${html}</a></h${depth}>\n`;
      },
      code({ text, lang }) {
        const language = (lang ?? '').split(/\s/)[0] ?? '';
        const code = hljs.getLanguage(language) ? hljs.highlight(text, { language }).value : escapeHtml(text);
        return `<div class="example"><button class="plain copy" type="button">Copy</button><pre tabindex="0"><code>${code}\n</code></pre></div>\n`;
      },
      table(token) {
        const cells = (/** @type {typeof token.header} */ row, /** @type {string} */ tag) =>
          `<tr>${row.map((cell) => `<${tag}>${this.parser.parseInline(cell.tokens)}</${tag}>`).join('')}</tr>`;
        const isHeaded = token.header.some((cell) => cell.text !== '');
        const head = isHeaded ? `<thead>${cells(token.header, 'th')}</thead>` : '';
        return `<div class="table" tabindex="0"><table>${head}<tbody>${token.rows.map((row) => cells(row, 'td')).join('')}</tbody></table></div>\n`;
      },
      html: ({ text }) => (text.startsWith('<!--') ? '' : escapeHtml(text)),
      link({ href, tokens }) {
        return `<a href="${escapeHtml(href)}">${this.parser.parseInline(tokens)}</a>`;
      },
    },
  });
  const html = /** @type {string} */ (marked.parse(markdown));
  return { title, html, sections: withText(html, sections) };
}

/** Fills in what each section says: what stands between its heading and the next. @param {string} html @param {readonly { id: string, title: string }[]} sections */
function withText(html, sections) {
  const parts = html.split(/<h[1-4][ >]/).slice(1);
  return sections.map((section, i) => {
    const body = (parts[i] ?? '').replace(/^.*?<\/h[1-4]>/s, '');
    return { ...section, text: plain(body).slice(0, 2_000) };
  });
}

/** @param {string} html */
function plain(html) {
  return html
    .replaceAll(/<button.*?<\/button>/gs, '')
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** @param {string} text */
export function escapeHtml(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** @param {string} text */
function slug(text) {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '');
}

/** @param {string} id @param {Map<string, number>} ids */
function unique(id, ids) {
  const count = ids.get(id) ?? 0;
  ids.set(id, count + 1);
  return count === 0 ? id : `${id}-${count + 1}`;
}
