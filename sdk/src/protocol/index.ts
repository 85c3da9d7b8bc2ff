// The protocol: what client and relay must agree on. Depends on nothing, so that a relay can import it without the client.
export * from './codes.ts';
export * from './decode-client-frame.ts';
export * from './decode-server-frame.ts';
export type { Decoded } from './decoded.ts';
export * from './encode.ts';
export * from './frames.ts';
export * from './json.ts';
export * from './limits.ts';
export * from './room-name.ts';
export * from './version.ts';
