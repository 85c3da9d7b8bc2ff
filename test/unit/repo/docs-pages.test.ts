// The documentation as it is served: one page each, links that lead somewhere, and a search that finds.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import MiniSearch from 'minisearch';
import { describe, expect, test } from 'vitest';
import { docsFiles } from '../../../scripts/docs/site.js';

describe('the pages', () => {
  const files = docsFiles();
  const pages = [...files].filter(([path]) => path.endsWith('.html'));
  const PAGES_ELSEWHERE = new Set(['/', '/theme/', '/chat/']);

  test.each(pages)('%s has one heading of the first level, and no script or style of its own', (_, html) => {
    expect(html.match(/<h1/g)).toHaveLength(1);
    expect(html).not.toMatch(/<style|<script(?![^>]*src=)|style="|<!-- (given|include|run|example)/);
  });

  test.each(pages)('%s: its links lead somewhere', (path, html) => {
    for (const [, href = ''] of html.matchAll(/<a [^>]*?href="([^"]+)"/g)) {
      if (/^https:\/\//.test(href) || PAGES_ELSEWHERE.has(href)) continue;
      const { pathname, hash } = new URL(href, `http://site/docs/${path.replace(/^docs\/|index.html$/g, '')}`);
      const target = files.get(`${pathname.slice(1)}index.html`);
      expect(target, href).toBeDefined();
      if (hash) expect(target, href).toContain(`id="${decodeURIComponent(hash.slice(1))}"`);
    }
  });

  test('what is searched for is found where it stands', () => {
    const index = MiniSearch.loadJSON(files.get('docs/search.json') ?? '', {
      fields: ['title', 'text'],
      storeFields: ['title', 'page', 'url'],
    });
    const [first] = index.search('backup', { boost: { title: 4 } });
    expect(first?.['url']).toBe('/docs/operate/#backup');
    for (const { url } of index.search('redis') as unknown as readonly { readonly url: string }[]) {
      const { pathname } = new URL(url, 'http://site');
      expect(files.has(`${pathname.slice(1)}index.html`)).toBe(true);
    }
  });

  test('every metric that they name is one that a relay has', () => {
    const metrics = readFileSync(fileURLToPath(new URL('../../../relay/src/metrics.ts', import.meta.url)), 'utf8');
    const named = new Set(pages.flatMap(([, html]) => html.match(/\bchat_room_\w+/g) ?? []));
    expect(named.size).toBeGreaterThan(8);
    // A histogram is exposed as three.
    for (const name of named) expect(metrics).toContain(`'${name.replace(/_(bucket|sum|count)$/, '')}'`);
  });
});
