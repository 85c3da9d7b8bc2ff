// The consumers of the gallery, beside those of the chat.
import type { Route } from '@chat-room/relay';
import { gameRoutes } from './game/consumer.ts';
import { stocksRoutes } from './stocks/consumer.ts';
import { tailRoutes } from './tail/consumer.ts';

export const galleryRoutes: readonly Route[] = [...stocksRoutes, ...tailRoutes, ...gameRoutes];
