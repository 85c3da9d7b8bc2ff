import { css } from '../styles/css.ts';

export const messageStyles = css`
  .message {
    position: relative;
    display: grid;
    grid-template-columns: var(--chat-room-avatar-size, 32px) minmax(0, 1fr);
    column-gap: 8px;
    margin-block-start: 2px;
    border-radius: 16px;
    scroll-margin-block: 56px 8px;
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
    margin-block-start: var(--chat-room-group-gap, 14px);
  }
  .day-label + .row > .first {
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
  .message time,
  .tally {
    flex: none;
    font-size: 12px;
    color: var(--_muted);
    font-variant-numeric: tabular-nums;
  }
  .line {
    position: relative;
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
    max-inline-size: min(100% - 104px, var(--chat-room-bubble-max-width, 560px));
    padding: var(--chat-room-bubble-padding, 8px 12px);
    overflow-wrap: anywhere;
    color: var(--chat-room-bubble-text, inherit);
    background: var(--chat-room-bubble-background, var(--_surface));
    border: 1px solid transparent;
    /* Round, but for the corners where a group holds together. */
    border-radius: var(--_bubble-radius);
    border-start-start-radius: 4px;
    border-end-start-radius: 4px;
  }
  .own .bubble {
    color: var(--chat-room-own-bubble-text, var(--_on-accent));
    background: var(--chat-room-own-bubble-background, var(--_accent));
    border-radius: var(--_bubble-radius);
    border-start-end-radius: 4px;
    border-end-end-radius: 4px;
  }
  .first .bubble {
    border-start-start-radius: var(--_bubble-radius);
    border-start-end-radius: var(--_bubble-radius);
  }
  .last .bubble {
    border-end-start-radius: var(--_bubble-radius);
    border-end-end-radius: var(--_bubble-radius);
  }
  .text {
    white-space: pre-wrap;
    text-align: start;
  }
  .bubble a {
    color: var(--chat-room-link, var(--_accent-text));
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
    display: block;
    margin-block: 2px 6px;
    padding-inline-start: 8px;
    font-size: 13px;
    text-align: start;
    border-inline-start: 3px solid color-mix(in oklab, currentColor 45%, transparent);
    border-radius: 2px;
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
    animation: fade 0.12s;
  }
  .reaction:hover {
    border-color: var(--_muted);
  }
  .reaction[aria-pressed='true'] {
    background: color-mix(in oklab, var(--_accent) 14%, var(--_background));
    border-color: var(--_accent-text);
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
  .mentioned .bubble {
    background: color-mix(in oklab, var(--_accent) 9%, var(--_background));
  }
  .target .bubble {
    animation: mark 2s;
  }
  @keyframes mark {
    0%,
    60% {
      box-shadow: 0 0 0 3px var(--_accent-text);
    }
  }
  /* Not where there are words, as a reaction may have: fonts of emoji have digits, as wide as an emoji. */
  .emoji {
    font-family: var(--_emoji);
  }
  @container (max-width: 400px) {
    .bubble {
      max-inline-size: calc(100% - 40px);
    }
  }
  @media (pointer: coarse) {
    .reaction {
      min-block-size: 32px;
      padding-inline: 10px;
    }
    .failure .link,
    .top .link {
      min-block-size: 44px;
      padding-inline: 10px;
    }
  }
`;
