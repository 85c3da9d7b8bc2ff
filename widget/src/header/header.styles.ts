import { css } from '../styles/css.ts';

export const headerStyles = css`
  .header {
    display: flex;
    align-items: center;
    gap: 12px;
    min-block-size: 60px;
    padding: 8px 16px;
    color: var(--chat-room-header-text, inherit);
    background: var(--chat-room-header-background, none);
    border-block-end: 1px solid var(--_border);
  }
  .heading {
    flex: 1;
    min-inline-size: 0;
  }
  .title {
    margin: 0;
    font-size: 16px;
    font-weight: 650;
    line-height: 1.3;
    letter-spacing: -0.01em;
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
    text-align: start;
  }
  .subtitle {
    display: flex;
    align-items: center;
    gap: 6px;
    margin: 1px 0 0;
    font-size: 13px;
    line-height: 1.3;
    color: var(--_muted);
    font-variant-numeric: tabular-nums;
  }
  .dot {
    inline-size: 8px;
    block-size: 8px;
    flex: none;
    border-radius: 50%;
    background: light-dark(oklch(0.76 0.15 80), oklch(0.8 0.14 85));
    transition: 0.3s;
  }
  .dot[data-state='live'] {
    background: var(--_live);
    box-shadow: 0 0 0 3px color-mix(in oklab, var(--_live) 20%, transparent);
  }
  .dot[data-state='ended'] {
    display: none;
  }
  .faces {
    display: flex;
  }
  .faces .avatar {
    inline-size: 28px;
    block-size: 28px;
    font-size: 10px;
    box-shadow: 0 0 0 2px var(--_background);
  }
  .faces .avatar + .avatar {
    margin-inline-start: -4px;
  }

  .header .tool {
    margin-inline: -6px -10px;
  }

  /* Text on a tint of the same hue: at these lightnesses the contrast is above 6 for every hue, see the tests. */
  .avatar {
    display: grid;
    place-items: center;
    inline-size: var(--chat-room-avatar-size, 32px);
    block-size: var(--chat-room-avatar-size, 32px);
    flex: none;
    border: 1px solid transparent;
    border-radius: var(--chat-room-avatar-radius, 50%);
    font-size: 12px;
    font-weight: 650;
    line-height: 1;
    letter-spacing: 0.01em;
    user-select: none;
    color: light-dark(oklch(0.4 0.11 var(--_hue)), oklch(0.93 0.05 var(--_hue)));
    background: light-dark(oklch(0.905 0.055 var(--_hue)), oklch(0.41 0.075 var(--_hue)));
  }
  .author {
    color: light-dark(oklch(0.45 0.12 var(--_hue)), oklch(0.83 0.08 var(--_hue)));
  }
  [data-hue='0'] {
    --_hue: 15;
  }
  [data-hue='1'] {
    --_hue: 40;
  }
  [data-hue='2'] {
    --_hue: 65;
  }
  [data-hue='3'] {
    --_hue: 95;
  }
  [data-hue='4'] {
    --_hue: 130;
  }
  [data-hue='5'] {
    --_hue: 160;
  }
  [data-hue='6'] {
    --_hue: 190;
  }
  [data-hue='7'] {
    --_hue: 220;
  }
  [data-hue='8'] {
    --_hue: 250;
  }
  [data-hue='9'] {
    --_hue: 280;
  }
  [data-hue='10'] {
    --_hue: 310;
  }
  [data-hue='11'] {
    --_hue: 345;
  }
`;
