// Which connection is in which rooms, worked out once from a few numbers.

/** `blocks`: each connection is in one room, in order. `fanOut`: each room has so many members, and a connection may be in several. */
export type Shape =
  | { readonly type: 'blocks'; readonly connections: number; readonly rooms: number }
  | { readonly type: 'fanOut'; readonly connections: number; readonly rooms: number; readonly members: number };

/** The rooms that connection `index` joins. */
export function roomsOf(shape: Shape, index: number): readonly number[] {
  if (shape.type === 'blocks') return [Math.floor((index * shape.rooms) / shape.connections)];
  const rooms: number[] = [];
  // Seats are given out room after room, connection after connection: connection i has seats i, i + connections, …
  for (let seat = index; seat < shape.rooms * shape.members; seat += shape.connections)
    rooms.push(Math.floor(seat / shape.members));
  return rooms;
}

/** How many members each room has when all have joined. */
export function membersOf(shape: Shape): Int32Array {
  const members = new Int32Array(shape.rooms);
  if (shape.type === 'fanOut') return members.fill(shape.members);
  for (let index = 0; index < shape.connections; index += 1) {
    const [room = 0] = roomsOf(shape, index);
    members[room] = (members[room] ?? 0) + 1;
  }
  return members;
}

/** The first member of each room: who publishes to it where only one does. */
export function firstMembers(shape: Shape): readonly number[] {
  return Array.from({ length: shape.rooms }, (_, room) =>
    shape.type === 'fanOut' ? (room * shape.members) % shape.connections : Math.ceil((room * shape.connections) / shape.rooms),
  );
}
