import { css } from '../styles/css.ts';

/** Public custom properties that several parts use come in here. Both themes stand side by side. */
export const tokens = css`
  :host {
    --_accent-text: var(
      --chat-room-accent-text,
      light-dark(oklch(from var(--_accent) min(l, 0.5) c h), oklch(from var(--_accent) max(l, 0.79) min(c, 0.12) h))
    );
    --_surface: var(--chat-room-surface, light-dark(oklch(0.958 0.005 268), oklch(0.283 0.016 268)));
    --_text: var(--chat-room-text, light-dark(oklch(0.25 0.02 268), oklch(0.945 0.005 268)));
    --_muted: var(--chat-room-muted, light-dark(oklch(0.5 0.018 268), oklch(0.73 0.014 268)));
    --_border: var(--chat-room-border, light-dark(oklch(0.915 0.006 268), oklch(0.325 0.014 268)));
    --_danger: var(--chat-room-danger, light-dark(oklch(0.52 0.19 25), oklch(0.76 0.13 22)));
    --_live: var(--chat-room-live, light-dark(oklch(0.66 0.17 152), oklch(0.76 0.17 152)));
    --_focus: var(--chat-room-focus, var(--_accent-text));
    --_font: var(--chat-room-font, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif);
    /* Before the font of the text, which may draw some of them in black and white. */
    --_emoji: 'Apple Color Emoji', 'Segoe UI Emoji', 'Noto Color Emoji', var(--_font);
    --_bubble-radius: var(--chat-room-bubble-radius, 16px);
    --_inset: var(--chat-room-inset, 16px);
    min-inline-size: 240px;
    color: var(--_text);
    font: 400 var(--chat-room-font-size, 15px) / var(--chat-room-line-height, 1.4) var(--_font);
    text-align: start;
    -webkit-text-size-adjust: 100%;
  }
  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }
  :where(.panel) button {
    padding: 0;
    font: inherit;
    color: inherit;
    background: none;
    border: 0;
    cursor: pointer;
    touch-action: manipulation;
    -webkit-tap-highlight-color: transparent;
  }
  :focus-visible {
    outline: 2px solid var(--_focus);
    outline-offset: 2px;
  }
  .icon {
    flex: none;
  }
`;
