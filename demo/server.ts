// The demo's server: the relay's own command, with the gallery's consumers bound to routes and the gallery's pages to serve.
import { fileURLToPath } from 'node:url';
import { serve } from '@chat-room/relay/serve';
import { galleryRoutes } from './gallery/routes.ts';

await serve({ routes: galleryRoutes, publicDir: fileURLToPath(new URL('../public', import.meta.url)) });
