import { css } from 'lit';

export const messageStyles = css`
  .message {
    position: relative;
    display: grid;
    grid-template-columns: 32px minmax(0, 1fr);
    column-gap: 8px;
    margin-block-start: 2px;
    border-radius: 16px;
    scroll-margin-block: 48px 8px;
  }
  .message > * {
    grid-column: 2;
  }
  .message > .avatar {
    grid-area: 1 / 1 / span 2;
    align-self: start;
    margin-block-start: 2px;
  }
  .message.first {
    margin-block-start: 14px;
  }
  .day-label + .message.first {
    margin-block-start: 0;
  }
  .message.own {
    grid-template-columns: minmax(0, 1fr);
  }
  .message.own > * {
    grid-column: 1;
    justify-self: end;
  }
  .message.arriving {
    animation: rise 0.15s ease-out;
  }
  .byline {
    display: flex;
    align-items: baseline;
    gap: 8px;
    min-inline-size: 0;
    margin-block-end: 3px;
    padding-inline-start: 2px;
    font-size: 13px;
  }
  .author {
    font-weight: 600;
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .message time {
    flex: none;
    font-size: 12px;
    color: var(--_muted);
    font-variant-numeric: tabular-nums;
  }
  .line {
    display: flex;
    align-items: center;
    gap: 8px;
    inline-size: 100%;
  }
  .own .line {
    flex-direction: row-reverse;
  }
  .message .aside {
    opacity: 0;
  }
  .message:hover .aside,
  .message:focus-visible .aside {
    opacity: 1;
  }
  .message.first:not(.own) .aside,
  .message.last.own .aside {
    visibility: hidden;
  }
  .bubble {
    position: relative;
    max-inline-size: min(75%, 560px);
    padding: 8px 12px;
    overflow-wrap: anywhere;
    background: var(--_surface);
    /* Round, but for the corners where a group holds together. */
    border-radius: 16px;
    border-start-start-radius: 4px;
    border-end-start-radius: 4px;
  }
  .own .bubble {
    color: var(--_on-accent);
    background: var(--_accent);
    border-radius: 16px;
    border-start-end-radius: 4px;
    border-end-end-radius: 4px;
  }
  .first .bubble {
    border-start-start-radius: 16px;
    border-start-end-radius: 16px;
  }
  .last .bubble {
    border-end-start-radius: 16px;
    border-end-end-radius: 16px;
  }
  .text {
    white-space: pre-wrap;
    text-align: start;
  }
  .bubble a {
    color: var(--_accent-text);
    text-underline-offset: 2px;
    border-radius: 3px;
  }
  .own .bubble a {
    color: inherit;
  }
  .own .bubble :focus-visible {
    outline-color: currentColor;
    outline-offset: 1px;
  }
  .bubble.emoji {
    padding: 0 2px;
    font-size: 40px;
    line-height: 1.2;
    background: none;
  }
  .bubble.deleted {
    font-style: italic;
    color: var(--_muted);
    background: none;
    border: 1px dashed var(--_border);
  }
  .edited {
    font-size: 12px;
  }
  .failed .bubble {
    color: var(--_text);
    background: color-mix(in oklab, var(--_danger) 12%, var(--_background));
    box-shadow: inset 0 0 0 1px color-mix(in oklab, var(--_danger) 45%, transparent);
  }
  .quote {
    margin-block: 2px 6px;
    padding-inline-start: 8px;
    font-size: 13px;
    border-inline-start: 3px solid color-mix(in oklab, currentColor 45%, transparent);
  }
  .quoted-author {
    display: block;
    font-weight: 600;
  }
  .quoted-text {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    overflow: hidden;
  }
  .reactions {
    z-index: 1;
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
    margin: -4px 0 4px;
    padding: 0 8px;
    list-style: none;
  }
  .reaction {
    display: flex;
    align-items: center;
    gap: 4px;
    padding: 1px 7px;
    font-size: 13px;
    background: var(--_background);
    border: 1px solid var(--_border);
    border-radius: 12px;
  }
  .tally {
    font-size: 12px;
    color: var(--_muted);
    font-variant-numeric: tabular-nums;
  }
  .footer,
  .failure {
    display: flex;
    align-items: center;
    gap: 4px;
    min-block-size: 20px;
    padding-inline: 4px;
    font-size: 13px;
  }
  .delivery {
    display: grid;
    font-size: 14px;
    color: var(--_muted);
  }
  .failure {
    color: var(--_danger);
    flex-wrap: wrap;
  }
  .failure .icon {
    font-size: 15px;
  }
  @media (pointer: coarse) {
    .failure .link,
    .top .link {
      min-block-size: 44px;
      padding-inline: 10px;
    }
  }
`;
