export { ListenError } from './adapter/adapter.ts';
export { TransportError } from './adapter/select-adapter.ts';
export type {
  Authentication,
  Authenticator,
  AuthRequest,
  Identity,
  Refusal,
  RoomAction,
  RoomGrant,
} from './auth/identity.ts';
export { EngineError } from './engine/engine.ts';
export type { Layer, LayerMessage, SendOutcome } from './layer/layer.ts';
export { LayerError } from './layer/layer.ts';
export type {
  BeforePublish,
  ConnectionTarget,
  MemberList,
  Operations,
  Publication,
  PublishRequest,
  PublishVerdict,
  RoomStats,
} from './operations.ts';
export type { RelayOptions } from './options.ts';
export { OptionError } from './options.ts';
export type { Listening, Relay, RelayParts } from './relay.ts';
export { createRelay } from './relay.ts';
export type { Authenticate } from './services.ts';
