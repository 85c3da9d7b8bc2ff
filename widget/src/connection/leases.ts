// Elements of one page share what costs: one client per identity, one join per room. The last to let go ends it.
import type { ClientHandle, Identity, RoomHandle } from './room-handle.ts';
import { isSameIdentity } from './selection.ts';

export interface Lease<T> {
  readonly value: T;
  /** Does nothing the second time. */
  readonly release: () => void;
}

interface SharedClient {
  readonly identity: Identity;
  readonly client: ClientHandle;
  users: number;
}

const clients = new Set<SharedClient>();
const joins = new WeakMap<RoomHandle, { users: number }>();

/** The page's client for `identity`; made by `create` where there is none yet, closed with its last lease. */
export function leaseClient(identity: Identity, create: (identity: Identity) => ClientHandle): Lease<ClientHandle> {
  const known = [...clients].find((shared) => isSameIdentity(shared.identity, identity) && shared.client.status !== 'closed');
  const shared = known ?? { identity, client: create(identity), users: 0 };
  clients.add(shared);
  shared.users++;
  const release = once(() => {
    shared.users--;
    if (shared.users > 0) return;
    clients.delete(shared);
    void shared.client.close();
  });
  return { value: shared.client, release };
}

/** Keeps `room` joined. A room that the page's own code had joined already is not left by us. */
export function leaseRoom(room: RoomHandle, recent: number, onError: (error: unknown) => void): Lease<RoomHandle> {
  const join = joins.get(room) ?? { users: room.state === 'left' || room.state === 'denied' ? 0 : 1 };
  joins.set(room, join);
  join.users++;
  if (join.users === 1) room.join({ recent }).catch(onError);
  const release = once(() => {
    join.users--;
    if (join.users > 0) return;
    joins.delete(room);
    // A client that closes at the same time refuses the leave: there is nothing left to leave then.
    room.leave().catch(() => undefined);
  });
  return { value: room, release };
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    work();
  };
}
