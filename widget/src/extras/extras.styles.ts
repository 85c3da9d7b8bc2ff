import { css } from '../styles/css.ts';

export const extrasStyles = css`
  .toast {
    inset-block: auto 12px;
    color: var(--_background);
    background: var(--_text);
    border-color: transparent;
  }
  .intent {
    display: flex;
    align-items: center;
    gap: 8px;
    flex: 0 0 100%;
    min-inline-size: 0;
    padding-inline-start: 10px;
    font-size: 13px;
    color: var(--_accent-text);
    animation: rise 0.12s ease-out;
  }
  /* Each line stands at the start of the language's direction, whatever its own. */
  .intent-text {
    display: grid;
    justify-items: start;
    flex: 1;
    min-inline-size: 0;
    padding-inline-start: 8px;
    border-inline-start: 3px solid var(--_accent-text);
  }
  .intent-text > * {
    overflow: hidden;
    white-space: nowrap;
    text-overflow: ellipsis;
  }
  .intent-text span {
    color: var(--_muted);
  }
  .intent .tool {
    margin-block: -4px;
  }
  .slow {
    display: flex;
    align-items: center;
    gap: 6px;
    flex: 0 0 100%;
    padding-inline: 10px;
    font-size: 13px;
    color: var(--_muted);
  }
  .slow .icon {
    order: -1;
  }
  .slow span {
    flex: 1;
  }
  .slow b {
    font-variant-numeric: tabular-nums;
    font-weight: 600;
  }
  .popover {
    position: fixed;
    inset: auto;
    max-inline-size: calc(100vw - 16px);
    margin: 0;
    padding: 6px;
    color: inherit;
    background: var(--_background);
    border: 1px solid var(--_border);
    border-radius: 14px;
    box-shadow: var(--_shadow);
    animation: rise 0.12s ease-out;
  }
  .menu {
    display: grid;
    min-inline-size: 180px;
  }
  .menu button {
    display: flex;
    align-items: center;
    gap: 12px;
    min-block-size: 40px;
    padding: 4px 12px;
    text-align: start;
    border-radius: 9px;
  }
  .menu button:hover,
  .menu button:focus-visible {
    background: var(--_surface);
  }
  .menu span {
    flex: 1;
  }
  .menu .icon {
    font-size: 18px;
    color: var(--_muted);
  }
  .menu .danger,
  .menu .danger .icon {
    color: var(--_danger);
  }
  .palette {
    display: flex;
  }
  .palette .tool {
    flex-shrink: 1;
    font-family: var(--_emoji);
    font-size: 22px;
    color: inherit;
  }
  /* Beside the bubble, in the room that is always left for it. */
  .toolbar {
    display: flex;
    align-self: start;
    margin-block: -2px;
    background: var(--_background);
    border: 1px solid var(--_border);
    border-radius: 10px;
    box-shadow: var(--_shadow);
  }
  .toolbar .tool {
    inline-size: 30px;
    block-size: 30px;
    font-size: 16px;
    border-radius: 9px;
  }
  .line:has(.toolbar) .aside {
    display: none;
  }
  .notice {
    margin-block: 10px;
    padding-inline: 24px;
    font-size: 13px;
    text-align: center;
    text-wrap: balance;
    color: var(--_muted);
    border-radius: 8px;
  }
  .pinned {
    display: flex;
    align-items: center;
    gap: 8px;
    min-block-size: 36px;
    flex: none;
    padding: 4px 16px;
    font-size: 13px;
    text-align: start;
    color: var(--_muted);
    background: color-mix(in oklab, var(--_accent) 6%, var(--_background));
    border-block-end: 1px solid var(--_border);
  }
  .pinned:focus-visible {
    outline-offset: -2px;
  }
  .pinned b {
    color: var(--_text);
    font-weight: 600;
  }
  .pinned span {
    overflow: hidden;
    white-space: nowrap;
    text-overflow: ellipsis;
  }
  .completions {
    position: absolute;
    z-index: 4;
    inset-block-end: calc(100% - 2px);
    inset-inline: 12px;
    max-inline-size: 320px;
    margin: 0;
    padding: 6px;
    list-style: none;
    background: var(--_background);
    border: 1px solid var(--_border);
    border-radius: 14px;
    box-shadow: var(--_shadow);
    animation: rise 0.12s ease-out;
  }
  .completions li {
    display: flex;
    align-items: center;
    gap: 10px;
    min-block-size: 40px;
    padding: 2px 10px;
    border-radius: 9px;
    cursor: pointer;
  }
  .completions li:hover,
  .completions li[aria-selected='true'] {
    background: var(--_surface);
  }
  .completions .avatar {
    inline-size: 28px;
    block-size: 28px;
    font-size: 10px;
  }
  .completions bdi {
    overflow: hidden;
    white-space: nowrap;
    text-overflow: ellipsis;
  }
  .glyph {
    font-family: var(--_emoji);
    inline-size: 28px;
    font-size: 20px;
    text-align: center;
  }
  /* Where there is no room beside the bubble, above it. */
  @container (max-width: 400px) {
    .toolbar {
      position: absolute;
      z-index: 2;
      inset-block-end: calc(100% - 4px);
      inset-inline-start: 0;
    }
    .own .toolbar {
      inset-inline: auto 0;
    }
  }
  @media (pointer: coarse) {
    .toolbar .tool {
      inline-size: 44px;
      block-size: 44px;
      font-size: 20px;
    }
  }
`;
