// The layer: moves messages between channels and groups, whichever relay they live on. The contract, in prose and types.
//
// Channels. Every connection has one, made when it opens, with a name that can't be guessed and that is valid on every
// relay that shares the engine. Whoever knows the name can send to it. It ends with the connection, for good.
//
// Groups. A named set of channels; no group has to be made or removed. A channel leaves its groups with its connection.
//
// Delivery is at most once: nothing is kept for who is not there, nothing is sent again. What must not be lost belongs
// into a room's log. Between relays a message is lost when Redis is; the sender is told where that can be known.
//
// Order. Messages to one group arrive everywhere in one order, whoever sent them. Messages from one sender to one channel
// arrive in the order of the calls. Between a group and a channel, or two groups, there is no order.
//
// Capacity. A consumer handles one thing at a time. While it is busy up to CHANNEL_CAPACITY messages wait for it; what comes
// then is dropped for that channel alone: `send` answers `full`, and a group's other channels are not held up. Messages that
// go out natively wait nowhere but in the socket's buffer, whose bound is the relay's (see POS1).
//
// Expiry. What waits for a consumer waits as long as its connection lives; nothing else in the layer waits at all.

/** Messages that wait for one busy consumer; later ones are dropped. */
export const CHANNEL_CAPACITY = 100;
/** UTF-8 bytes of one layer message as JSON; a larger one is a LayerError. */
export const MAX_MESSAGE_BYTES = 262_144;
/** Characters of a group's name: visible ASCII or letters of any script, as in a room name. */
export const MAX_GROUP_LENGTH = 200;

/**
 * A message in the layer: an object that JSON can carry, with a `type` that names its handler. `type` is a lower camel
 * name, as in `lineAdded`, whose handler is `onLineAdded`. Every channel gets a copy of its own relay's, which it must not
 * change. Types of the layer's own:
 * `send`   `{ text }` or `{ base64 }`: goes out over the socket as it is, natively, unless the consumer has `onSend`
 * `close`  `{ code, reason }`: ends the connection
 */
export interface LayerMessage {
  readonly type: string;
}

/** `full`: its consumer is busy and as many messages wait as may. `gone`: there is no such channel, or no longer. */
export type SendOutcome = 'delivered' | 'full' | 'gone';

export interface Layer {
  /**
   * Hands a message to a channel, on whichever relay it lives. `delivered` means that its connection has it, not that its
   * consumer is done. Rejects with a LayerError where the message can't be sent or its fate is not known.
   */
  send<M extends LayerMessage>(channel: string, message: M): Promise<SendOutcome>;
  /** Resolves, once what is sent to the group reaches the channel, with true; false where the channel is gone. */
  groupAdd(group: string, channel: string): Promise<boolean>;
  groupDiscard(group: string, channel: string): Promise<void>;
  /** Hands a message to every channel in the group. Rejects with a LayerError where it could not be handed over. */
  groupSend<M extends LayerMessage>(group: string, message: M): Promise<void>;
}

/** `bad_message`, `bad_group`: the call is wrong. `layer_unavailable`: the other relays can't be reached right now. */
export class LayerError extends Error {
  readonly code: 'bad_message' | 'bad_group' | 'layer_unavailable';
  constructor(code: LayerError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LayerError';
    this.code = code;
  }
}
