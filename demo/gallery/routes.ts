// The consumers of the gallery, beside those of the chat.
import type { Route } from '@chat-room/relay';

export const galleryRoutes: readonly Route[] = [];
