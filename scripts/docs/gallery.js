// The pages of the demo that are made at build time: the start page with its tiles, and each gallery page's sources.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import hljs from 'highlight.js';
import { sourceFiles } from '../source-files.js';
import { ROOT } from '../tool.js';
import { documentHtml } from './document.js';
import { escapeHtml } from './markdown.js';
import { previewOf } from './preview.js';

/** A page of the gallery as the start page names it. @typedef {{ name: string, title: string, sentence: string }} GalleryPage */

/** @type {Readonly<Record<string, string>>} */
const LANGUAGES = { ts: 'typescript', html: 'html', css: 'css' };
/** What the gallery's pages share, shown below each one's own. */
const SHARED = ['demo/gallery/shared/live-socket.ts', 'demo/gallery/shared/connection.ts'];

/** Path that is served → content. @param {readonly string[]} names the folders that are pages */
export function galleryPages(names) {
  /** @type {readonly GalleryPage[]} */
  const pages = JSON.parse(readFileSync(join(ROOT, 'demo/gallery/pages.json'), 'utf8'));
  const stray = pages.find(({ name }) => !names.includes(name));
  if (stray) throw new Error(`demo/gallery/pages.json names "${stray.name}", which has no index.html.`);
  return new Map([
    ['index.html', homeHtml(pages)],
    ...names.map((name) => /** @type {const} */ ([`gallery/${name}/source/index.html`, sourcesHtml(name, titleOf(name, pages))])),
  ]);
}

/** The way into a room is that of the relay's own start page. @param {readonly GalleryPage[]} pages */
function homeHtml(pages) {
  const start = readFileSync(join(ROOT, 'demo/pages/index.html'), 'utf8');
  const [enter] = /<form id="enter".*<\/nav>/s.exec(start) ?? [];
  if (enter === undefined) throw new Error('demo/pages/index.html has no form #enter with the rooms one has been in below it.');
  const template = readFileSync(join(ROOT, 'demo/pages/home.html'), 'utf8');
  return template.replace('<!-- enter -->', enter).replace('<!-- tiles -->', pages.map(tileHtml).join('\n'));
}

/** @param {string} name @param {readonly GalleryPage[]} pages */
function titleOf(name, pages) {
  return pages.find((page) => page.name === name)?.title ?? name;
}

/** @param {GalleryPage} page */
function tileHtml({ name, title, sentence }) {
  return `          <li class="tile" data-page="${name}">
            <div class="preview">${pictureHtml(name)}</div>
            <h3><a href="/gallery/${name}/">${escapeHtml(title)}</a></h3>
            <p>${escapeHtml(sentence)}</p>
          </li>`;
}

/** @param {string} name */
function pictureHtml(name) {
  if (previewOf(name, 'light') === undefined || previewOf(name, 'dark') === undefined) return '';
  const image = (/** @type {string} */ scheme) => `/gallery/${name}/preview-${scheme}.png`;
  return `<picture><source srcset="${image('dark')}" media="(prefers-color-scheme: dark)" /><img src="${image('light')}" alt="" loading="lazy" width="1120" height="700" /></picture>`;
}

/** @param {string} name @param {string} title */
function sourcesHtml(name, title) {
  const own = sourceFiles(`demo/gallery/${name}`).filter((path) => languageOf(path) !== undefined);
  const usesShared = own.some((path) => readFileSync(join(ROOT, path), 'utf8').includes('/shared/'));
  const paths = [...own.sort((a, b) => rank(a) - rank(b) || a.localeCompare(b)), ...(usesShared ? SHARED : [])];
  const links = paths.map((path) => `<li><a href="#${idOf(path)}">${shortName(path, name)}</a></li>`).join('');
  return documentHtml({
    title: `${title}, its source: chat-room`,
    styles: ['sources'],
    bodyClass: 'docs sources',
    body: `    <header class="bar">
      <a class="brand" href="/"><img src="/favicon.svg" alt="" width="24" height="24" />chat-room</a>
      <a href="/gallery/${name}/">${escapeHtml(title)}</a>
    </header>
    <main id="content" class="single">
      <h1>${escapeHtml(title)}: all of its source</h1>
      <ul class="files">${links}</ul>
      ${paths.map((path) => fileHtml(path, name)).join('\n')}
    </main>`,
  });
}

/** @param {string} path @param {string} name */
function fileHtml(path, name) {
  const code = readFileSync(join(ROOT, path), 'utf8').trimEnd();
  const { value } = hljs.highlight(code, { language: languageOf(path) ?? 'text' });
  return `<section><h2 id="${idOf(path)}">${shortName(path, name)}</h2>
<div class="example"><button class="plain copy" type="button">Copy</button><pre tabindex="0"><code>${value}\n</code></pre></div></section>`;
}

/** The consumer and the page come first: what else there is serves them. @param {string} path */
function rank(path) {
  if (/\/consumer(\.ts|\/)/.test(path)) return 0;
  if (/\/page(\.ts|\/)/.test(path)) return 1;
  return path.endsWith('.ts') ? 2 : 3;
}

/** @param {string} path */
function languageOf(path) {
  return LANGUAGES[path.split('.').at(-1) ?? ''];
}

/** @param {string} path @param {string} name */
function shortName(path, name) {
  return path.replace(`demo/gallery/${name}/`, '').replace('demo/gallery/', '');
}

/** @param {string} path */
function idOf(path) {
  return path.replace('demo/gallery/', '').replaceAll(/[^a-z0-9]+/g, '-');
}
