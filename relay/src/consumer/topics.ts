/** Topics of this relay alone, as its socket library has them: what is published to one costs one native call. */
export interface Topics {
  publish(topic: string, data: string | Uint8Array): void;
  /** How many sockets are subscribed. */
  subscribers(topic: string): number;
}
