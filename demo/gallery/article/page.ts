// Nothing here is needed for the chat: the page only says in its own badge what the widget says of its connection.
import { showConnection } from '../shared/connection.ts';

const BY_STATUS = { connecting: 'connecting', online: 'live', offline: 'reconnecting', closed: 'closed' } as const;

document.addEventListener('chat-room-status', (event) => {
  const { status } = (event as CustomEvent<{ status: keyof typeof BY_STATUS }>).detail;
  showConnection(BY_STATUS[status] ?? 'connecting');
});
