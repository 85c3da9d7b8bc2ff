import { css } from '../styles/css.ts';

export const markdownStyles = css`
  .text :is(p, blockquote, ul, ol, pre) {
    margin: 0;
  }
  .text :is(p, blockquote, ul, ol, pre) + :is(p, blockquote, ul, ol, pre) {
    margin-block-start: 6px;
  }
  .text :is(ul, ol) {
    padding-inline-start: 22px;
  }
  .text blockquote {
    padding-inline-start: 10px;
    border-inline-start: 3px solid color-mix(in oklab, currentColor 35%, transparent);
  }
  .text code {
    padding: 1px 4px;
    font: 0.9em/1.4 var(--chat-room-code-font, ui-monospace, 'SF Mono', Menlo, Consolas, monospace);
    background: color-mix(in oklab, currentColor 12%, transparent);
    border-radius: 5px;
  }
  .text pre {
    padding: 8px 10px;
    overflow-x: auto;
    background: color-mix(in oklab, currentColor 8%, transparent);
    border-radius: 8px;
  }
  .text pre code {
    padding: 0;
    background: none;
  }
  .mention {
    padding: 0 3px;
    font-weight: 600;
    color: var(--chat-room-mention, var(--_accent-text));
    background: color-mix(in oklab, currentColor 8%, transparent);
    border-radius: 5px;
  }
  .own .mention {
    color: inherit;
  }
`;
