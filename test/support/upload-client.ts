// A client that sends files as PROTOCOL.md says: a frame, then a PUT.

import type { Frame, ProtocolClient } from './protocol-client.ts';

/** What a client asks to send. */
export interface AskedFile {
  readonly room: string;
  readonly name?: string;
  readonly mediaType?: string;
  readonly bytes: number;
}

export interface Ticket {
  readonly url: string;
  readonly ticket: string;
}

export interface SentAttachment {
  readonly url: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly width?: number;
  readonly height?: number;
}

/** The reply to the frame, whatever it says. */
export function askUpload(
  client: ProtocolClient,
  { name = 'notes.txt', mediaType = 'text/plain', ...file }: AskedFile,
): Promise<Frame> {
  return client.request({ type: 'upload', name, mediaType, ...file });
}

/** A ticket. Throws where it is refused. */
export async function ticketFor(client: ProtocolClient, file: AskedFile): Promise<Ticket> {
  const { type, code, url, ticket } = await askUpload(client, file);
  if (type !== 'upload') throw new Error(`The upload was refused: ${code}`);
  return { url: url as string, ticket: ticket as string };
}

/** Sends a body with a ticket. */
export function putFile(http: string, { url, ticket }: Ticket, body: BodyInit, headers: HeadersInit = {}): Promise<Response> {
  return fetch(http + url, { method: 'PUT', body, headers: { authorization: `Bearer ${ticket}`, ...headers } });
}

/** Asks and sends. Throws where it is not taken. */
export async function upload(
  http: string,
  client: ProtocolClient,
  room: string,
  body: Uint8Array,
  file: { readonly name?: string; readonly mediaType?: string } = {},
): Promise<SentAttachment> {
  const ticket = await ticketFor(client, { room, bytes: body.length, ...file });
  const response = await putFile(http, ticket, Buffer.from(body));
  if (response.status !== 201) throw new Error(`The file was answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as SentAttachment;
}
