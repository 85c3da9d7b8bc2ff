// The layer of one relay: its channels, its groups, and the way to those of other relays. See layer.ts for what it promises.
//
// A group is followed on the bus while a channel here is in it. What a group sends comes back over the bus, also to the
// relay that sent it: so everyone gets it in one order. `send` messages then go to a native topic, one call for all sockets;
// every other message, and every consumer with an `onSend`, costs a call per channel.

import type { Member } from '@chat-room/sdk/protocol';
import { CLOSE_CODES, isName } from '@chat-room/sdk/protocol';
import type { Topics } from '../consumer/topics.ts';
import type { ConnectionTarget } from '../operations.ts';
import { randomText } from '../random-text.ts';
import type { Bus } from './bus.ts';
import type { Layer, LayerMessage, SendOutcome } from './layer.ts';
import { LayerError, MAX_GROUP_LENGTH, MAX_MESSAGE_BYTES } from './layer.ts';
import type { RelayOrder } from './relay-order.ts';
import { decodeOrder, encodeOrder } from './relay-order.ts';

/** A channel's connection, as the layer sees it. */
export interface Receiver {
  readonly channel: string;
  readonly member: Member | undefined;
  /** True where `send` messages of its groups go to its socket natively. */
  readonly takesNatively: boolean;
  /** The groups it is in. Kept by the layer alone. */
  groups: Set<string> | undefined;
  deliver(message: LayerMessage): SendOutcome;
  subscribe(topic: string): void;
  unsubscribe(topic: string): void;
  end(code: number, reason: string): void;
}

interface Group {
  readonly topic: string;
  /** Resolves once the bus brings what is sent to the group. */
  readonly followed: Promise<void>;
  readonly receivers: Set<Receiver>;
  /** Of those, the ones that `send` messages do not reach natively. */
  readonly looking: Set<Receiver>;
}

/** Marks, as the first character of what travels on the bus, how a group's message is encoded. */
const TEXT = 't';
const BYTES = 'b';
const JSON_MESSAGE = 'j';
/** An answer that is none: the other relay could not do it. */
const UNAVAILABLE = 'unavailable';
const CHANNEL_BYTES = 15;
const TYPE = /^[a-z][A-Za-z0-9]*$/;

export class ChannelLayer implements Layer {
  readonly #bus: Bus;
  readonly #topics: Topics;
  readonly #onSent: () => void;
  readonly #receivers = new Map<string, Receiver>();
  readonly #groups = new Map<string, Group>();

  /** `onSent` is told of each message that is handed to the layer here. */
  constructor(bus: Bus, topics: Topics, onSent: () => void = () => undefined) {
    this.#bus = bus;
    this.#topics = topics;
    this.#onSent = onSent;
    bus.listen({
      published: (group, text) => this.#published(group, text),
      asked: (text) => this.#obey(decodeOrder(text)).catch(() => UNAVAILABLE),
    });
  }

  get groupCount(): number {
    return this.#groups.size;
  }

  // --- for connections ------------------------------------------------------------------------------------------------

  /** A name for a new channel: it says which relay it lives on, and can't be guessed. */
  newChannel(): string {
    return `${this.#bus.relay}.${randomText(CHANNEL_BYTES)}`;
  }

  add(receiver: Receiver): void {
    this.#receivers.set(receiver.channel, receiver);
  }

  /** Its socket is open: what its groups send need not pass through its consumer any more. */
  opened(receiver: Receiver): void {
    if (!receiver.groups || !receiver.takesNatively) return;
    for (const name of receiver.groups) {
      this.#groups.get(name)?.looking.delete(receiver);
      receiver.subscribe(topicOf(name));
    }
  }

  /** The connection is gone, and its channel with it. */
  remove(receiver: Receiver): void {
    this.#receivers.delete(receiver.channel);
    if (receiver.groups) for (const group of receiver.groups) this.#leave(group, receiver);
    receiver.groups = undefined;
  }

  // --- Layer ------------------------------------------------------------------------------------------------------------

  async send<M extends LayerMessage>(channel: string, message: M): Promise<SendOutcome> {
    const json = encode(message);
    this.#onSent();
    const answer = await this.#order(channel, { order: 'send', channel, message: json });
    return (answer as SendOutcome | undefined) ?? 'gone';
  }

  async groupAdd(group: string, channel: string): Promise<boolean> {
    checkGroup(group);
    return (await this.#order(channel, { order: 'groupAdd', group, channel })) === 'done';
  }

  async groupDiscard(group: string, channel: string): Promise<void> {
    checkGroup(group);
    await this.#order(channel, { order: 'groupDiscard', group, channel });
  }

  async groupSend<M extends LayerMessage>(group: string, message: M): Promise<void> {
    checkGroup(group);
    const text = encodeForGroup(message);
    this.#onSent();
    await attempt(this.#bus.publish(group, text));
  }

  /** Closes a connection, or all of a user, for good. Resolves with how many there were. Rejects with a LayerError. */
  async disconnect(target: ConnectionTarget, reason: string): Promise<number> {
    if ('channel' in target) {
      const { channel } = target;
      return Number((await this.#order(channel, { order: 'disconnectChannel', channel, reason })) ?? 0);
    }
    const answers = await attempt(this.#bus.askAll(encodeOrder({ order: 'disconnectUser', user: target.user, reason })));
    return answers.reduce((count, answer) => count + (Number(answer) || 0), 0);
  }

  /** Hands a message to every connection of a user that is here. */
  tellHere<M extends LayerMessage>(user: string, message: M): void {
    for (const receiver of [...this.#receivers.values()]) if (receiver.member?.id === user) receiver.deliver(message);
  }

  // --- what comes over the bus --------------------------------------------------------------------------------------------

  /** Has the relay that a channel lives on do something. Undefined where there is no such relay. */
  async #order(channel: string, order: RelayOrder): Promise<string | undefined> {
    const relay = channel.slice(0, channel.indexOf('.'));
    if (relay === this.#bus.relay) return this.#obey(order);
    if (relay === '') return undefined;
    const answer = await attempt(this.#bus.ask(relay, encodeOrder(order)));
    if (answer === UNAVAILABLE) throw new LayerError('layer_unavailable', `The relay of the channel could not do it.`);
    return answer;
  }

  async #obey(order: RelayOrder): Promise<string> {
    switch (order.order) {
      case 'send':
        return this.#receivers.get(order.channel)?.deliver(JSON.parse(order.message) as LayerMessage) ?? 'gone';
      case 'groupAdd':
        return this.#join(order.group, order.channel);
      case 'groupDiscard': {
        const receiver = this.#receivers.get(order.channel);
        if (receiver?.groups?.delete(order.group)) this.#leave(order.group, receiver);
        return 'done';
      }
      case 'disconnectChannel': {
        const receiver = this.#receivers.get(order.channel);
        receiver?.end(CLOSE_CODES.kicked, order.reason);
        return receiver ? '1' : '0';
      }
      case 'disconnectUser':
        return String(this.#disconnectUser(order.user, order.reason));
    }
  }

  async #join(name: string, channel: string): Promise<'done' | 'gone'> {
    const receiver = this.#receivers.get(channel);
    if (!receiver) return 'gone';
    const group = this.#groups.get(name) ?? this.#follow(name);
    // In the group before the bus brings anything, so that nobody who leaves meanwhile ends it.
    group.receivers.add(receiver);
    receiver.groups ??= new Set();
    receiver.groups.add(name);
    if (receiver.takesNatively) receiver.subscribe(group.topic);
    else group.looking.add(receiver);
    try {
      await attempt(group.followed);
    } catch (error) {
      if (receiver.groups?.delete(name)) this.#leave(name, receiver);
      throw error;
    }
    return receiver.groups === undefined ? 'gone' : 'done';
  }

  #follow(name: string): Group {
    const followed = this.#bus.follow(name);
    const group = { topic: topicOf(name), followed, receivers: new Set<Receiver>(), looking: new Set<Receiver>() };
    this.#groups.set(name, group);
    return group;
  }

  #leave(name: string, receiver: Receiver): void {
    const group = this.#groups.get(name);
    if (!group?.receivers.delete(receiver)) return;
    if (!group.looking.delete(receiver)) receiver.unsubscribe(group.topic);
    if (group.receivers.size > 0) return;
    this.#groups.delete(name);
    this.#bus.unfollow(name);
  }

  #disconnectUser(user: string, reason: string): number {
    let count = 0;
    for (const receiver of this.#receivers.values()) {
      if (receiver.member?.id !== user) continue;
      receiver.end(CLOSE_CODES.kicked, reason);
      count++;
    }
    return count;
  }

  #published(name: string, text: string): void {
    const group = this.#groups.get(name);
    if (!group) return;
    const body = text.slice(1);
    switch (text[0]) {
      case TEXT:
        this.#broadcast(group, body, () => ({ type: 'send', text: body }));
        return;
      case BYTES:
        this.#broadcast(group, Buffer.from(body, 'base64'), () => ({ type: 'send', base64: body }));
        return;
      default: {
        const message = JSON.parse(body) as LayerMessage;
        for (const receiver of [...group.receivers]) receiver.deliver(message); // a handler may add and discard
      }
    }
  }

  #broadcast(group: Group, data: string | Uint8Array, message: () => LayerMessage): void {
    this.#topics.publish(group.topic, data);
    if (group.looking.size === 0) return;
    const made = message();
    for (const receiver of [...group.looking]) receiver.deliver(made);
  }
}

function topicOf(group: string): string {
  return `group:${group}`;
}

function checkGroup(group: string): void {
  if (!isName(group, MAX_GROUP_LENGTH))
    throw new LayerError('bad_group', `A group's name is 1 to ${MAX_GROUP_LENGTH} visible characters, not padded with space.`);
}

function encodeForGroup(message: LayerMessage): string {
  const { type, text, base64 } = message as { readonly type: string; readonly text?: unknown; readonly base64?: unknown };
  if (type !== 'send') return JSON_MESSAGE + encode(message);
  if (typeof text === 'string') return TEXT + bounded(text);
  if (typeof base64 === 'string') return BYTES + bounded(base64);
  throw new LayerError('bad_message', 'A message of the type send needs a text or base64.');
}

function encode(message: LayerMessage): string {
  if (!TYPE.test(message.type)) throw new LayerError('bad_message', 'The type of a layer message must be a lower camel name.');
  try {
    return bounded(JSON.stringify(message));
  } catch (error) {
    if (error instanceof LayerError) throw error;
    throw new LayerError('bad_message', `A layer message must be JSON: ${(error as Error).message}.`);
  }
}

function bounded(text: string): string {
  if (text.length * 3 > MAX_MESSAGE_BYTES && Buffer.byteLength(text) > MAX_MESSAGE_BYTES)
    throw new LayerError('bad_message', `A layer message holds ${MAX_MESSAGE_BYTES} bytes at most.`);
  return text;
}

/** Rejects with a LayerError where the bus does not do it. */
async function attempt<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof LayerError) throw error;
    throw new LayerError('layer_unavailable', `The other relays can't be reached: ${(error as Error).message}`, { cause: error });
  }
}
