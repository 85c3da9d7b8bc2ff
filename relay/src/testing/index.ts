// `@chat-room/relay/testing`: drives consumers with no socket.

export { Communicator } from './communicator.ts';
export type { ConsumerFault, TestConnectOptions, TestRelayOptions } from './test-relay.ts';
export { RefusedError, TestRelay } from './test-relay.ts';
