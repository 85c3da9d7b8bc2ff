import { css } from '../styles/css.ts';

export const composerStyles = css`
  .composer {
    position: relative;
    display: flex;
    flex-wrap: wrap;
    align-items: flex-end;
    gap: 8px;
    margin: 0;
    padding: 4px 12px calc(12px + env(safe-area-inset-bottom, 0px));
  }
  .field {
    position: relative;
    display: flex;
    flex: 1;
    min-inline-size: 0;
    color: var(--chat-room-input-text, inherit);
    background: var(--chat-room-input-background, var(--_surface));
    border: 1px solid transparent;
    border-radius: var(--chat-room-input-radius, 22px);
    transition: 0.12s;
  }
  .field:focus-within {
    border-color: var(--_accent-text);
    box-shadow: 0 0 0 1px var(--_accent-text);
  }
  textarea {
    flex: 1;
    min-inline-size: 0;
    /* One line to six, then it scrolls. 16px: below that, iOS zooms in. */
    min-block-size: 42px;
    max-block-size: calc(6lh + 20px);
    padding: 10px 16px;
    font: inherit;
    font-size: 16px;
    line-height: 22px;
    color: inherit;
    background: none;
    border: 0;
    border-radius: inherit;
    resize: none;
    overflow-y: auto;
    scrollbar-width: thin;
  }
  /* The field around it shows the focus. */
  .field textarea {
    outline: none;
  }
  .field .tool {
    align-self: end;
    inline-size: 40px;
    block-size: 42px;
    border-radius: 21px;
  }
  /* Until something is written, there is no direction but the language's. */
  :placeholder-shown {
    direction: inherit;
  }
  textarea::placeholder {
    color: var(--_muted);
    opacity: 1;
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .counter {
    position: absolute;
    inset-block-end: calc(100% + 4px);
    inset-inline-end: 12px;
    padding: 1px 8px;
    font-size: 12px;
    font-variant-numeric: tabular-nums;
    color: var(--_muted);
    background: var(--_background);
    border: 1px solid var(--_border);
    border-radius: 10px;
  }
  .counter.over {
    color: var(--_danger);
    border-color: currentColor;
  }
  .send {
    display: grid;
    place-items: center;
    inline-size: 44px;
    block-size: 44px;
    flex: none;
    font-size: 20px;
    color: var(--_on-accent);
    background: var(--_accent);
    border: 1px solid transparent;
    border-radius: 50%;
    transition: 0.12s;
  }
  .send:active {
    scale: 0.94;
  }
  .send[aria-disabled='true'] {
    color: var(--_muted);
    background: var(--_surface);
    cursor: default;
    scale: none;
  }
  .readonly {
    margin: 0;
    padding: 12px 16px calc(14px + env(safe-area-inset-bottom, 0px));
    font-size: 13px;
    color: var(--_muted);
    text-align: center;
    border-block-start: 1px solid var(--_border);
  }
`;
