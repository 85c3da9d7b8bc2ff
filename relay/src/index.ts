export { ListenError } from './adapter/adapter.ts';
export { TransportError } from './adapter/select-adapter.ts';
export { EngineError } from './engine/engine.ts';
export type { RelayOptions } from './options.ts';
export { OptionError } from './options.ts';
export type { Listening, Relay, RelayParts } from './relay.ts';
export { createRelay } from './relay.ts';
export type { Authenticate } from './services.ts';
