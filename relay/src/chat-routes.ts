import type { ChatServices } from './chat-services.ts';
import type { Route } from './consumer/route.ts';
import { route } from './consumer/route.ts';
import { NativeConsumer } from './native/native-consumer.ts';
import { PlainConsumer } from './plain/plain-consumer.ts';

/** The chat: two consumers like any other. The native protocol's clients say in their first frame who they are. */
export function chatRoutes(services: ChatServices): readonly Route[] {
  return [
    route('/ws', (connection) => new NativeConsumer(connection, services), { authentication: 'later' }),
    route('/ws/chat/:room+', (connection) => new PlainConsumer(connection, services)),
  ];
}
