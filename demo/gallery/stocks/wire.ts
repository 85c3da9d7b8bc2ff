// What page and consumer say to each other. Prices go in binary, 6 bytes each, since there are ten thousand of them a second; all
// else is rare, and JSON.
import type { Quote } from './conflation.ts';
import type { Listing } from './listings.ts';

export const MAX_LISTINGS = 1_000;

/**
 * `watch`: prices of these symbols and no others, from now on. `history`: the last minute of these, once. `ack`: so many frames with
 * prices or histories have arrived since the connection opened, and been worked through.
 */
export type Request =
  | { readonly type: 'watch'; readonly symbols: readonly string[] }
  | { readonly type: 'history'; readonly symbols: readonly string[] }
  | { readonly type: 'ack'; readonly frames: number };

/** The price list: first of all, and again when a day begins. A listing goes by its number in it. */
export interface ListFrame {
  readonly type: 'list';
  readonly listings: readonly (Listing & { readonly openCents: number })[];
}

/** Prices of the last minute, one a second, the oldest first. */
export interface HistoryFrame {
  readonly type: 'history';
  readonly histories: readonly { readonly listing: number; readonly cents: readonly number[] }[];
}

/** Prices, and how many the reader did not get since it opened, because a later one took their place. */
export interface PricesFrame {
  readonly type: 'prices';
  readonly replaced: number;
  readonly quotes: readonly Quote[];
}

export type Frame = ListFrame | HistoryFrame | PricesFrame;

const HEADER_BYTES = 4;
const QUOTE_BYTES = 6;

/** The number of replaced prices as 4 bytes, then for each price the listing's number as 2 and the cents as 4, all little-endian. */
export function encodePrices(quotes: readonly Quote[], replaced: number): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + quotes.length * QUOTE_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, replaced, true);
  for (const [i, { listing, cents }] of quotes.entries()) {
    view.setUint16(HEADER_BYTES + i * QUOTE_BYTES, listing, true);
    view.setUint32(HEADER_BYTES + i * QUOTE_BYTES + 2, cents, true);
  }
  return bytes;
}

/** Undefined for what is no frame of this route. */
export function decodeFrame(data: string | ArrayBuffer): Frame | undefined {
  if (typeof data === 'string') return JSON.parse(data) as ListFrame | HistoryFrame; // the consumer beside this made it
  if (data.byteLength < HEADER_BYTES || (data.byteLength - HEADER_BYTES) % QUOTE_BYTES !== 0) return undefined;
  const view = new DataView(data);
  const quotes: Quote[] = [];
  for (let at = HEADER_BYTES; at < data.byteLength; at += QUOTE_BYTES) {
    quotes.push({ listing: view.getUint16(at, true), cents: view.getUint32(at + 2, true) });
  }
  return { type: 'prices', replaced: view.getUint32(0, true), quotes };
}

/** Undefined for what is no request: it came from anywhere. */
export function decodeRequest(data: string | Uint8Array): Request | undefined {
  if (typeof data !== 'string' || data.length > MAX_REQUEST_CHARACTERS) return undefined;
  const value = parsed(data);
  if (value === null || typeof value !== 'object') return undefined;
  const { type, symbols, frames } = value as Readonly<Record<string, unknown>>;
  if (type === 'ack') return isCount(frames) ? { type, frames } : undefined;
  if (type !== 'watch' && type !== 'history') return undefined;
  return isSymbols(symbols) ? { type, symbols } : undefined;
}

const MAX_REQUEST_CHARACTERS = 16_384;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isSymbols(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= MAX_LISTINGS && value.every((symbol) => typeof symbol === 'string');
}
