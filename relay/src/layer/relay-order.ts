/** What one relay has another do. `message` is a layer message, encoded. */
export type RelayOrder =
  | { readonly order: 'send'; readonly channel: string; readonly message: string }
  | { readonly order: 'groupAdd' | 'groupDiscard'; readonly group: string; readonly channel: string }
  | { readonly order: 'disconnectChannel'; readonly channel: string; readonly reason: string }
  | { readonly order: 'disconnectUser'; readonly user: string; readonly reason: string };

export function encodeOrder(order: RelayOrder): string {
  return JSON.stringify(order);
}

/** Reads what another relay encoded. It is one of ours: it is trusted. */
export function decodeOrder(text: string): RelayOrder {
  return JSON.parse(text) as RelayOrder;
}
