import { css } from 'lit';

export const launcherStyles = css`
  :host([layout='launcher']) {
    position: fixed;
    z-index: 2147483000;
    inset-block-end: var(--chat-room-launcher-inset, 20px);
    inset-inline-end: var(--chat-room-launcher-inset, 20px);
    block-size: auto;
    min-inline-size: 0;
  }
  :host([layout='launcher']) .frame {
    position: absolute;
    inset-block-end: 72px;
    inset-inline-end: 0;
    inline-size: min(384px, calc(100vw - 40px));
    block-size: min(var(--chat-room-height, 620px), calc(100dvh - 112px));
    box-shadow: 0 2px 6px rgb(10 14 30 / 0.1), 0 18px 50px rgb(10 14 30 / 0.22);
    animation: rise 0.16s ease-out;
  }
  .launcher {
    position: relative;
    display: grid;
    place-items: center;
    inline-size: 56px;
    block-size: 56px;
    font-size: 26px;
    color: var(--_on-accent);
    background: var(--_accent);
    border-radius: 50%;
    box-shadow: var(--_shadow);
    transition: scale 0.12s;
  }
  .launcher:hover {
    scale: 1.05;
  }
  .launcher:active {
    scale: 0.96;
  }
  .badge {
    position: absolute;
    inset-block-start: -4px;
    inset-inline-end: -4px;
    min-inline-size: 22px;
    padding: 0 6px;
    font-size: 12px;
    font-weight: 700;
    line-height: 22px;
    text-align: center;
    color: #fff;
    background: oklch(0.54 0.2 25);
    border-radius: 11px;
    box-shadow: 0 0 0 2px var(--_background);
    font-variant-numeric: tabular-nums;
  }
  .frame .tool {
    display: none;
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
    .frame .tool {
      display: grid;
    }
    .launcher[aria-expanded='true'] {
      display: none;
    }
  }
`;
