import { css } from '../styles/css.ts';

/** The colours of the launcher; the rest of them is in panel/tokens.styles.ts. */
const tokens = css`
  :host {
    color-scheme: light dark;
    --_accent: var(--chat-room-accent, oklch(0.53 0.19 268));
    /* Black or white, whichever can be read: at a luminance of 0.179 both have a contrast of 4.58, elsewhere the chosen one has more. */
    --_readable: clamp(0, (0.179 - y) * 10000, 1);
    --_on-accent: var(--chat-room-on-accent, color(from var(--_accent) xyz-d65 calc(0.95 * var(--_readable)) var(--_readable) calc(1.09 * var(--_readable))));
    --_background: var(--chat-room-background, light-dark(#fff, oklch(0.205 0.012 268)));
    --_shadow: var(--chat-room-shadow, 0 1px 2px rgb(10 14 30 / 0.08), 0 6px 20px rgb(10 14 30 / 0.14));
  }
  :host([theme='light']) {
    color-scheme: light;
  }
  :host([theme='dark']) {
    color-scheme: dark;
  }
`;

const base = css`
  :host {
    display: block;
    block-size: var(--chat-room-height, min(600px, 85dvh));
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  .panel {
    display: contents;
  }
  .icon {
    inline-size: 1em;
    block-size: 1em;
    fill: none;
    stroke: currentColor;
    stroke-width: 2;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
`;

const launcher = css`
  :host([layout='launcher']) {
    position: fixed;
    z-index: var(--chat-room-z-index, 2147483000);
    inset-block-end: var(--chat-room-launcher-inset, 20px);
    inset-inline-end: var(--chat-room-launcher-inset, 20px);
    block-size: auto;
    min-inline-size: 0;
  }
  .launcher {
    position: relative;
    display: grid;
    place-items: center;
    padding: 0;
    cursor: pointer;
    inline-size: var(--chat-room-launcher-size, 56px);
    block-size: var(--chat-room-launcher-size, 56px);
    font-size: 26px;
    color: var(--_on-accent);
    background: var(--_accent);
    border-radius: 50%;
    box-shadow: var(--_shadow);
    /* Seen in forced colours. */
    border: 1px solid transparent;
  }
  .badge {
    position: absolute;
    inset-block-start: -4px;
    inset-inline-end: -4px;
    min-inline-size: 22px;
    padding: 0 6px;
    font: 700 12px/22px system-ui, sans-serif;
    text-align: center;
    color: var(--chat-room-badge-text, #fff);
    background: var(--chat-room-badge-background, oklch(0.54 0.2 25));
    border-radius: 11px;
    box-shadow: 0 0 0 2px var(--_background);
  }
  @media (max-width: 480px) {
    .launcher[aria-expanded='true'] {
      display: none;
    }
  }
`;

/** What is there before the chat is: the colours, the element's box, and the launcher's button. */
export const shellStyles = tokens + base + launcher;
