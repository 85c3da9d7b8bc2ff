import { css } from '../styles/css.ts';

export const logStyles = css`
  .log {
    block-size: 100%;
    overflow: hidden auto;
    overscroll-behavior: contain;
    /* scroll-anchor.ts does it, alike in every browser. */
    overflow-anchor: none;
    scrollbar-width: thin;
    scrollbar-color: color-mix(in oklab, var(--_muted) 45%, transparent) transparent;
  }
  .rows {
    display: flex;
    flex-direction: column;
    justify-content: flex-end;
    min-block-size: 100%;
    /* A row that rises in begins below the end, and must not make the log longer for that. */
    overflow: clip;
    padding: 0 var(--_inset) 4px;
  }
  .top {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    block-size: 48px;
    flex: none;
    font-size: 13px;
    color: var(--_muted);
    text-align: center;
  }
  .day-label {
    position: sticky;
    z-index: 1;
    inset-block-start: 8px;
    display: flex;
    justify-content: center;
    margin-block: 12px 8px;
    pointer-events: none;
  }
  .day-label span {
    padding: 3px 10px;
    font-size: 12px;
    font-weight: 550;
    color: var(--_muted);
    background: color-mix(in oklab, var(--_background) 88%, transparent);
    border: 1px solid var(--_border);
    border-radius: 12px;
    backdrop-filter: blur(6px);
  }
  .unread {
    display: flex;
    align-items: center;
    gap: 10px;
    margin-block: 12px 2px;
    font-size: 12px;
    font-weight: 600;
    color: var(--_accent-text);
  }
  .unread::before,
  .unread::after {
    content: '';
    flex: 1;
    block-size: 1px;
    background: color-mix(in oklab, var(--_accent-text) 35%, transparent);
  }
  .jump {
    position: absolute;
    z-index: 2;
    inset-block-end: 8px;
    inset-inline: 0;
    margin-inline: auto;
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    inline-size: fit-content;
    min-inline-size: 44px;
    min-block-size: 44px;
    padding: 0 12px;
    font-size: 14px;
    font-weight: 600;
    color: var(--_muted);
    background: var(--_background);
    border: 1px solid var(--_border);
    border-radius: 22px;
    box-shadow: var(--_shadow);
    animation: rise 0.16s ease-out;
  }
  .jump .icon {
    font-size: 18px;
  }
  .jump.fresh {
    padding-inline-end: 16px;
    color: var(--_on-accent);
    background: var(--_accent);
    border-color: transparent;
  }
  .typing {
    display: flex;
    align-items: center;
    gap: 8px;
    block-size: 24px;
    flex: none;
    padding-inline: 20px;
    font-size: 13px;
    color: var(--_muted);
    white-space: nowrap;
    overflow: hidden;
  }
  .typing > * {
    animation: fade 0.2s;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .dots {
    display: flex;
    gap: 3px;
    flex: none;
  }
  .dots i {
    inline-size: 5px;
    block-size: 5px;
    border-radius: 50%;
    background: currentColor;
    animation: pulse 1.2s infinite;
  }
  .dots i:nth-child(2) {
    animation-delay: 0.15s;
  }
  .dots i:nth-child(3) {
    animation-delay: 0.3s;
  }
  .empty {
    margin: auto;
    padding: 24px;
    text-align: center;
    text-wrap: balance;
  }
  .empty .icon {
    padding: 14px;
    margin-block-end: 12px;
    inline-size: 56px;
    block-size: 56px;
    color: var(--_accent-text);
    background: color-mix(in oklab, var(--_accent) 12%, var(--_background));
    border-radius: 50%;
    stroke-width: 1.8;
  }
  .empty-title {
    margin: 0 0 4px;
    font-size: 17px;
    font-weight: 650;
    letter-spacing: -0.01em;
    overflow-wrap: anywhere;
  }
  .empty-hint {
    margin: 0;
    color: var(--_muted);
  }
  /* Most rooms are there before this is seen: it waits 150 ms. */
  .skeleton {
    opacity: 0;
    animation: fade 0.2s 150ms forwards;
  }
  .skeleton i {
    display: block;
    inline-size: min(62%, 300px);
    block-size: 52px;
    margin-block-end: 12px;
    background: var(--_surface);
    border-radius: var(--_bubble-radius);
    animation: pulse 1.6s infinite;
  }
  .skeleton i:nth-child(even) {
    inline-size: min(44%, 200px);
    margin-inline-start: auto;
  }
  @keyframes fade {
    from {
      opacity: 0;
    }
    to {
      opacity: 1;
    }
  }
  @keyframes rise {
    from {
      opacity: 0;
      translate: 0 8px;
    }
  }
  @keyframes pulse {
    0%,
    60%,
    100% {
      opacity: 0.35;
    }
    30% {
      opacity: 1;
    }
  }
`;
