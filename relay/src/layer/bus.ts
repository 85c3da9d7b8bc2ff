// How the relays that share an engine reach each other: what the layer, and what must be done on every relay, travel on.
// `local-bus.ts` is for a relay that stands alone; the Redis engine has one of its own. Texts are opaque here.

/** What came over the bus. No method may throw. */
export interface BusHandlers {
  /** Published to a group that this relay follows; a relay hears its own publishes too. */
  published(group: string, text: string): void;
  /** Asked of this relay. What it resolves with is the answer. */
  asked(text: string): Promise<string>;
}

export interface Bus {
  /** This relay among those that share the bus: 12 characters of base64url, new for each process, unguessable. */
  readonly relay: string;
  /** Who hears what comes. Set once, before anything is followed or asked. */
  listen(handlers: BusHandlers): void;
  /** Resolves once what is published to the group from now on is heard. Following twice is following once. */
  follow(group: string): Promise<void>;
  unfollow(group: string): void;
  /**
   * Reaches every relay that follows the group, this one included, at most once. All of them hear the publishes of one
   * group in one order. Rejects with a BusError where it can't be handed over.
   */
  publish(group: string, text: string): Promise<void>;
  /** Asks one relay. Resolves with its answer; undefined where there is no such relay. Rejects with a BusError after 5 s. */
  ask(relay: string, text: string): Promise<string | undefined>;
  /** Asks all relays, this one included. Resolves with the answers of those that live; who takes over 2 s is left out. */
  askAll(text: string): Promise<readonly string[]>;
}

/** What was to be told may not have arrived. */
export class BusError extends Error {
  readonly code: 'bus_unavailable' | 'bus_timeout';
  constructor(code: BusError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BusError';
    this.code = code;
  }
}
