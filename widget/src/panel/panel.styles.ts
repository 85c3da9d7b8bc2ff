import { composerStyles } from '../composer/composer.styles.ts';
import { headerStyles } from '../header/header.styles.ts';
import { logStyles } from '../log/log.styles.ts';
import { messageStyles } from '../log/message.styles.ts';
import { css } from '../styles/css.ts';
import { tokens } from './tokens.styles.ts';

const frame = css`
  .frame {
    position: relative;
    display: flex;
    flex-direction: column;
    block-size: 100%;
    overflow: hidden;
    background: var(--_background);
    border: 1px solid var(--_border);
    border-radius: var(--chat-room-radius, 16px);
  }
  :host([layout='launcher']) .frame {
    position: absolute;
    inset-block-end: calc(var(--chat-room-launcher-size, 56px) + 16px);
    inset-inline-end: 0;
    inline-size: min(var(--chat-room-panel-width, 384px), calc(100vw - 40px));
    block-size: min(var(--chat-room-height, 620px), calc(100dvh - 112px));
    box-shadow: 0 2px 6px rgb(10 14 30 / 0.1), 0 18px 50px rgb(10 14 30 / 0.22);
    animation: rise 0.16s ease-out;
  }
  .stage {
    container-type: inline-size;
    position: relative;
    flex: 1;
    min-block-size: 0;
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
  .tool {
    display: grid;
    place-items: center;
    inline-size: 44px;
    block-size: 44px;
    flex: none;
    font-size: 20px;
    color: var(--_muted);
    border-radius: 12px;
  }
  .tool:hover,
  .tool[aria-expanded='true'] {
    color: var(--_text);
    background: var(--_surface);
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
  /* A phone has no room for a panel beside a page: it covers it, and closes by its own button. */
  @media (max-width: 480px) {
    :host([layout='launcher']) .frame {
      position: fixed;
      inset: 0;
      inset-block-end: var(--_keyboard, 0px);
      inline-size: auto;
      block-size: auto;
      border: 0;
      border-radius: 0;
    }
  }
  @media (min-width: 481px) {
    .tool.close {
      display: none;
    }
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
  /* Boxes have transparent borders: in forced colours they are seen. */
  @media (forced-colors: active) {
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

export const panelStyles = tokens + frame + headerStyles + logStyles + messageStyles + composerStyles + preferences;
