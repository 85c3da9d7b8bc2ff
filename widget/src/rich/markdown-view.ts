import type { TemplateResult } from 'lit/html.js';
import { html } from 'lit/html.js';
import type { Block, Inline } from './markdown.ts';

/** Template nodes for parsed text. Its links are no stops of the Tab key: the log is one stop. */
export function markdownView(blocks: readonly Block[]): unknown {
  const [only] = blocks;
  if (blocks.length === 1 && only?.kind === 'paragraph') return inlineView(only.children);
  return blocks.map((block) => blockView(block));
}

function blockView(block: Block): TemplateResult {
  switch (block.kind) {
    case 'paragraph':
      return html`<p>${inlineView(block.children)}</p>`;
    case 'code':
      return html`<pre tabindex="-1"><code>${block.text}</code></pre>`;
    case 'quote':
      return html`<blockquote>${block.blocks.map((inner) => blockView(inner))}</blockquote>`;
    case 'list': {
      const items = block.items.map((item) => html`<li>${inlineView(item)}</li>`);
      return block.start === undefined ? html`<ul>${items}</ul>` : html`<ol start=${block.start}>${items}</ol>`;
    }
  }
}

function inlineView(children: readonly Inline[]): unknown {
  return children.map((child) => partView(child));
}

function partView(child: Inline): unknown {
  switch (child.kind) {
    case 'text':
      return child.text;
    case 'code':
      return html`<code>${child.text}</code>`;
    case 'bold':
      return html`<strong>${inlineView(child.children)}</strong>`;
    case 'italic':
      return html`<em>${inlineView(child.children)}</em>`;
    case 'strike':
      return html`<s>${inlineView(child.children)}</s>`;
    case 'link':
      return html`<a href=${child.href} target="_blank" rel="noopener noreferrer nofollow ugc" tabindex="-1">${child.text}</a>`;
    case 'mention':
      return html`<span class="mention" part="mention">${child.text}</span>`;
  }
}
