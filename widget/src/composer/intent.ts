import type { Message } from '@chat-room/sdk';

/** What the text in the composer is meant to become. */
export type Intent =
  | { readonly kind: 'new' }
  | { readonly kind: 'reply'; readonly message: Message }
  | { readonly kind: 'edit'; readonly message: Message };

export const NEW: Intent = { kind: 'new' };
