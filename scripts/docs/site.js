// The documentation as files of a site: a page for each, and what their search box looks through.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import MiniSearch from 'minisearch';
import { ROOT } from '../tool.js';
import { apiMarkdown } from './api.js';
import { documentHtml } from './document.js';
import { escapeHtml, fillIncludes, renderMarkdown } from './markdown.js';
import { PAGES } from './pages.js';

/** What the search box is given; the page's own script has the same. */
const SEARCH = { fields: ['title', 'text'], storeFields: ['title', 'page', 'url'] };

/** The Markdown of a page, whole. @param {import('./pages.js').Page} page */
function markdownOf({ source }) {
  return source === 'api' ? apiMarkdown() : fillIncludes(readFileSync(join(ROOT, source), 'utf8'));
}

/** Path that is served → content. The packages must be built: the reference is made of their declarations. */
export function docsFiles() {
  /** @type {Map<string, string>} */
  const files = new Map();
  const search = new MiniSearch(SEARCH);
  let id = 0;
  for (const page of PAGES) {
    const { html, sections } = renderMarkdown(markdownOf(page));
    files.set(`docs/${page.name}/index.html`, pageHtml(page, html, sections));
    for (const section of sections) {
      const url = `/docs/${page.name}/${section.id === '' ? '' : `#${section.id}`}`;
      search.add({ id: ++id, title: section.title, text: section.text, page: page.title, url });
    }
  }
  files.set('docs/index.html', overviewHtml());
  files.set('docs/search.json', JSON.stringify(search));
  return files;
}

/** @param {import('./pages.js').Page} page @param {string} content @param {readonly import('./markdown.js').Section[]} sections */
function pageHtml(page, content, sections) {
  const inPage = sections.filter(({ id }) => id !== '').slice(0, 60);
  const contents = inPage.map(({ id, title }) => `<li><a href="#${id}">${escapeHtml(title)}</a></li>`).join('');
  const i = PAGES.indexOf(page);
  const next = PAGES[i + 1];
  const after = next ? `<p class="next">Next: <a href="/docs/${next.name}/">${escapeHtml(next.title)}</a></p>` : '';
  return docsHtml({
    title: `${page.title}: chat-room`,
    description: page.summary,
    current: page.name,
    main: `<article>${content}${after}</article><nav class="contents" aria-label="On this page"><h2>On this page</h2><ul>${contents}</ul></nav>`,
  });
}

function overviewHtml() {
  const cards = PAGES.map(
    ({ name, title, summary }) =>
      `<li><a class="card" href="/docs/${name}/"><strong>${escapeHtml(title)}</strong><span>${escapeHtml(summary)}</span></a></li>`,
  );
  return docsHtml({
    title: 'Documentation: chat-room',
    description: 'How to embed, build on, host and operate chat-room.',
    current: '',
    main: `<article><h1>Documentation</h1><p>How to embed it, build on it, host it, and live with it.</p><ul class="cards">${cards.join('')}</ul></article>`,
  });
}

/** @param {{ title: string, description: string, current: string, main: string }} parts */
function docsHtml({ title, description, current, main }) {
  const groups = [...new Set(PAGES.map(({ group }) => group))];
  const menu = groups.map((group) => {
    const links = PAGES.filter((page) => page.group === group).map(
      (page) =>
        `<li><a href="/docs/${page.name}/"${page.name === current ? ' aria-current="page"' : ''}>${escapeHtml(page.title)}</a></li>`,
    );
    return `<h2>${group}</h2><ul>${links.join('')}</ul>`;
  });
  return documentHtml({
    title,
    description,
    styles: [],
    bodyClass: 'docs',
    body: `    <a class="skip" href="#content">Skip to the text</a>
    <header class="bar">
      <a class="brand" href="/"><img src="/favicon.svg" alt="" width="24" height="24" />chat-room</a>
      <a href="/docs/"${current === '' ? ' aria-current="page"' : ''}>Documentation</a>
      <div class="search">
        <input id="search" class="box" type="search" placeholder="Search" aria-label="Search the documentation" autocomplete="off" spellcheck="false" role="combobox" aria-expanded="false" aria-controls="results" aria-autocomplete="list" />
        <ul id="results" class="results" role="listbox" aria-label="What was found" hidden></ul>
      </div>
    </header>
    <div class="columns">
      <details class="menu" open>
        <summary>Pages</summary>
        <nav aria-label="Documentation">${menu.join('')}</nav>
      </details>
      <main id="content" tabindex="-1">${main}</main>
    </div>`,
  });
}
