import { css } from '../styles/css.ts';

export const emojiStyles = css`
  .emoji-picker {
    --_cell: 36px;
    display: flex;
    flex-direction: column;
    gap: 6px;
    inline-size: min(344px, 100vw - 32px);
    block-size: min(360px, 100dvh - 48px);
  }
  .emoji-picker button {
    font-family: var(--_emoji);
  }
  .emoji-head {
    display: flex;
    align-items: center;
    gap: 4px;
  }
  .emoji-search {
    flex: 1;
    min-inline-size: 0;
    block-size: 36px;
    padding-inline: 12px;
    font: inherit;
    color: inherit;
    background: var(--_surface);
    border: 1px solid var(--_border);
    border-radius: 10px;
  }
  .emoji-search::placeholder {
    color: var(--_muted);
    opacity: 1;
  }
  .emoji-tone {
    inline-size: 36px;
    block-size: 36px;
    font-size: 20px;
  }
  .emoji-tabs {
    display: flex;
    flex: none;
    overflow-x: auto;
    scrollbar-width: none;
    border-block-end: 1px solid var(--_border);
  }
  .emoji-tabs button {
    flex: 1 0 auto;
    min-inline-size: 28px;
    block-size: var(--_cell);
    padding: 0;
    font-size: 17px;
    border-block-end: 2px solid transparent;
    filter: grayscale(1);
  }
  .emoji-tabs [aria-selected='true'] {
    border-block-end-color: var(--_accent-text);
    filter: none;
  }
  .emoji-grid {
    display: grid;
    flex: 1;
    grid-template-columns: repeat(auto-fill, minmax(var(--_cell), 1fr));
    grid-auto-rows: var(--_cell);
    overflow-y: auto;
    overscroll-behavior: contain;
  }
  .emoji-grid button {
    padding: 0;
    font-size: 22px;
    line-height: 1;
    border-radius: 8px;
  }
  .emoji-grid button:hover {
    background: var(--_surface);
  }
  .emoji-picker button:focus-visible {
    outline-offset: -2px;
  }
  .emoji-none {
    position: absolute;
    inset-block-start: 50%;
    inset-inline: 0;
    margin: 0;
    text-align: center;
    color: var(--_muted);
    pointer-events: none;
  }
  @media (pointer: coarse) {
    .emoji-picker {
      --_cell: 44px;
    }
    .emoji-tabs button {
      min-inline-size: 44px;
    }
    .emoji-search,
    .emoji-tone {
      block-size: 44px;
      font-size: 16px;
    }
    .emoji-tone {
      inline-size: 44px;
      font-size: 24px;
    }
  }
  @media (forced-colors: active) {
    .emoji-tabs [aria-selected='true'] {
      border-block-end-color: Highlight;
    }
  }
`;
