// What a page can show in the place of a chat before its script arrives. Strings only: it runs on any server.
import { shellStyles } from './shell/shell.styles.ts';
import { css } from './styles/css.ts';

export type SkeletonStyles =
  /** In the page itself. A content security policy has to allow it: by the `nonce`, if there is one. */
  | { readonly kind: 'inline'; readonly nonce?: string }
  /** From a file of the page's own that holds `skeletonStyles`. */
  | { readonly kind: 'link'; readonly href: string };

/** The styles of the skeleton: the size, the frame and the colours that the chat will have. */
export const skeletonStyles: string =
  shellStyles +
  css`
    .frame {
      box-sizing: border-box;
      block-size: 100%;
      display: flex;
      flex-direction: column;
      gap: 12px;
      padding: 76px 16px 16px;
      background: var(--_background);
      border: 1px solid var(--chat-room-border, light-dark(oklch(0.915 0.006 268), oklch(0.325 0.014 268)));
      border-radius: var(--chat-room-radius, 16px);
    }
    :host([layout='launcher']) .frame {
      display: none;
    }
    i {
      flex: none;
      inline-size: min(62%, 300px);
      block-size: 52px;
      background: var(--chat-room-surface, light-dark(oklch(0.958 0.005 268), oklch(0.283 0.016 268)));
      border-radius: var(--chat-room-bubble-radius, 16px);
    }
    i:nth-child(even) {
      inline-size: min(44%, 200px);
      margin-inline-start: auto;
    }
    i:last-child {
      inline-size: 100%;
      block-size: 44px;
      margin-block-start: auto;
      border-radius: 22px;
    }
  `;

/**
 * The content of a `<chat-room>` in HTML that a server sends: a declarative shadow root, which the browser shows at once and
 * the chat takes over where it stands. By default its styles are inline.
 */
export function skeleton(styles: SkeletonStyles = { kind: 'inline' }): string {
  const rows = '<i></i>'.repeat(5);
  return `<template shadowrootmode="open">${styleElement(styles)}<div class="frame" part="frame" aria-busy="true">${rows}</div></template>`;
}

function styleElement(styles: SkeletonStyles): string {
  if (styles.kind === 'link') return `<link rel="stylesheet" href="${escaped(styles.href)}">`;
  const nonce = styles.nonce === undefined ? '' : ` nonce="${escaped(styles.nonce)}"`;
  return `<style${nonce}>${skeletonStyles}</style>`;
}

function escaped(text: string): string {
  return text.replace(/[&"<>]/gu, (character) => `&#${character.charCodeAt(0)};`);
}
