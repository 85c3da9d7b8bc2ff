// The public names of the package. The wire's own are at `@chat-room/sdk/protocol`.

export type { ChatClientOptions } from './client.ts';
export { ChatClient } from './client.ts';
export type { Lifecycle, LifecycleSignal } from './connection/lifecycle.ts';
export type { Clock, Environment } from './environment.ts';
export type { ClientErrorCode } from './errors.ts';
export { ChatError } from './errors.ts';
export type { Identity } from './identity.ts';
export type { ErrorAction, ErrorCode } from './protocol/codes.ts';
export type { Member, ModerationAction, Position, Presence, Reads, RoomSettings, Sanction } from './protocol/frames.ts';
export type { JsonValue } from './protocol/json.ts';
export type { Room } from './room/room.ts';
export type { OpenTransport, Transport, TransportHandlers } from './transport/transport.ts';
export type {
  ClientEvents,
  CustomEventMessage,
  Delivery,
  DirectMessage,
  Discontinuity,
  HistoryOptions,
  HistoryPage,
  JoinOptions,
  KeyValueStorage,
  Message,
  PublishOptions,
  Reaction,
  Receipt,
  RoomEvents,
  RoomState,
  SendOptions,
  Status,
  StatusChange,
  Typing,
  User,
} from './types.ts';
