export { ListenError } from './adapter/adapter.ts';
export { TransportError } from './adapter/select-adapter.ts';
export { firstOf } from './auth/first-of.ts';
export type { GuestOptions } from './auth/guests.ts';
export { guests } from './auth/guests.ts';
export type {
  Authentication,
  Authenticator,
  AuthRequest,
  Identity,
  Refusal,
  RoomAction,
  RoomGrant,
} from './auth/identity.ts';
export type { JwtKey, JwtOptions } from './auth/jwt.ts';
export { jwt } from './auth/jwt.ts';
export { permits } from './auth/permissions.ts';
export type { ResolveSession, SessionCookieOptions, SessionUser } from './auth/session-cookie.ts';
export { sessionCookie } from './auth/session-cookie.ts';
export type { SessionEndpoint } from './auth/session-endpoint.ts';
export type { Connection, Credentials, Phase } from './consumer/connection.ts';
export type { Admission, ConnectRequest, DrainNotice, Handlers } from './consumer/consumer.ts';
export { Consumer } from './consumer/consumer.ts';
export type { AuthenticationTime, ConsumerFactory, ParamsOf, Route, RouteOptions, RouteParams } from './consumer/route.ts';
export { route } from './consumer/route.ts';
export type { Engine } from './engine/engine.ts';
export { EngineError } from './engine/engine.ts';
export type { MemoryEngineOptions } from './engine/memory-engine.ts';
export { openMemoryEngine } from './engine/memory-engine.ts';
export type { HookPolicy } from './hooks/hook-caller.ts';
export type { HookFunctionOptions, HookOption, HttpHookOptions } from './hooks/hook-options.ts';
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
export type { WebhookEvent, WebhookOptions } from './webhooks/webhook-options.ts';
