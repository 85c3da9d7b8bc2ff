import { css } from 'lit';
import { composerStyles } from './composer/composer.styles.ts';
import { headerStyles } from './header/header.styles.ts';
import { launcherStyles } from './launcher/launcher.styles.ts';
import { logStyles } from './log/log.styles.ts';
import { messageStyles } from './log/message.styles.ts';

/** Public custom properties come in here, and nowhere else. Both themes stand side by side. */
const tokens = css`
  :host {
    color-scheme: light dark;
    --_accent: var(--chat-room-accent, oklch(0.53 0.19 268));
    --_on-accent: var(--chat-room-on-accent, oklch(from var(--_accent) clamp(0, (0.66 - l) * 1000, 1) 0 h));
    --_accent-text: light-dark(oklch(from var(--_accent) min(l, 0.5) c h), oklch(from var(--_accent) max(l, 0.79) min(c, 0.12) h));
    --_background: var(--chat-room-background, light-dark(#fff, oklch(0.205 0.012 268)));
    --_surface: var(--chat-room-surface, light-dark(oklch(0.958 0.005 268), oklch(0.283 0.016 268)));
    --_text: var(--chat-room-text, light-dark(oklch(0.25 0.02 268), oklch(0.945 0.005 268)));
    --_muted: var(--chat-room-muted, light-dark(oklch(0.5 0.018 268), oklch(0.73 0.014 268)));
    --_border: var(--chat-room-border, light-dark(oklch(0.915 0.006 268), oklch(0.325 0.014 268)));
    --_danger: var(--chat-room-danger, light-dark(oklch(0.52 0.19 25), oklch(0.76 0.13 22)));
    --_live: light-dark(oklch(0.66 0.17 152), oklch(0.76 0.17 152));
    --_radius: var(--chat-room-radius, 16px);
    --_shadow: 0 1px 2px rgb(10 14 30 / 0.08), 0 6px 20px rgb(10 14 30 / 0.14);
  }
  :host([theme='light']) {
    color-scheme: light;
  }
  :host([theme='dark']) {
    color-scheme: dark;
  }
`;

const frame = css`
  :host {
    display: block;
    block-size: var(--chat-room-height, min(600px, 85dvh));
    min-inline-size: 240px;
    color: var(--_text);
    font: 400 15px/1.4 var(--chat-room-font, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif);
    text-align: start;
    -webkit-text-size-adjust: 100%;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }
  .frame {
    position: relative;
    display: flex;
    flex-direction: column;
    block-size: 100%;
    overflow: hidden;
    background: var(--_background);
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
  }
  .stage {
    position: relative;
    flex: 1;
    min-block-size: 0;
  }
  button {
    font: inherit;
    color: inherit;
    background: none;
    border: 0;
    padding: 0;
    cursor: pointer;
    touch-action: manipulation;
    -webkit-tap-highlight-color: transparent;
  }
  :focus-visible {
    outline: 2px solid var(--_accent-text);
    outline-offset: 2px;
  }
  .link {
    min-block-size: 24px;
    padding: 0 4px;
    color: var(--_accent-text);
    font-weight: 600;
    border-radius: 6px;
  }
  .link:hover {
    text-decoration: underline;
  }
  .icon {
    inline-size: 1em;
    block-size: 1em;
    flex: none;
    fill: none;
    stroke: currentColor;
    stroke-width: 2;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .spinner {
    inline-size: 14px;
    block-size: 14px;
    flex: none;
    border: 2px solid color-mix(in oklab, currentColor 25%, transparent);
    border-block-start-color: currentColor;
    border-radius: 50%;
    animation: spin 0.8s linear infinite;
  }
  .spoken {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .bar {
    position: absolute;
    z-index: 3;
    inset-block-start: 8px;
    inset-inline: 12px;
    inline-size: fit-content;
    margin-inline: auto;
    display: flex;
    align-items: center;
    gap: 8px;
    padding: 6px 14px;
    font-size: 13px;
    border-radius: 16px;
    color: light-dark(oklch(0.4 0.08 75), oklch(0.92 0.06 85));
    background: light-dark(oklch(0.965 0.035 88), oklch(0.34 0.045 80));
    border: 1px solid light-dark(oklch(0.9 0.06 88), oklch(0.42 0.055 80));
    box-shadow: var(--_shadow);
    pointer-events: none;
    animation: drop 0.2s ease-out;
  }
  .bar[data-kind='back'] {
    color: light-dark(oklch(0.38 0.08 152), oklch(0.92 0.06 152));
    background: light-dark(oklch(0.96 0.03 152), oklch(0.33 0.05 152));
    border-color: light-dark(oklch(0.89 0.06 152), oklch(0.42 0.06 152));
  }
  @keyframes spin {
    to {
      rotate: 1turn;
    }
  }
  @keyframes drop {
    from {
      opacity: 0;
      translate: 0 -8px;
    }
  }
`;

/** Last, so that they win: what a person has asked their system for. */
const preferences = css`
  @media (prefers-reduced-motion: reduce) {
    *,
    ::before,
    ::after {
      animation-duration: 1ms !important;
      animation-iteration-count: 1 !important;
      transition: none !important;
    }
  }
  @media (forced-colors: active) {
    .bubble,
    .avatar,
    .reaction,
    .day-label span,
    .jump,
    .send,
    .field,
    .launcher,
    .badge,
    .bar {
      border: 1px solid CanvasText;
    }
    .dot {
      background: CanvasText;
      forced-color-adjust: none;
    }
    .dot[data-state='live'] {
      background: Highlight;
    }
    .send[aria-disabled='true'] {
      color: GrayText;
      border-color: GrayText;
    }
    :focus-visible,
    .field:focus-within {
      outline: 2px solid Highlight;
    }
  }
`;

export const styles = [tokens, frame, headerStyles, logStyles, messageStyles, composerStyles, launcherStyles, preferences];
