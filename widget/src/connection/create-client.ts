import type { KeyValueStorage } from '@chat-room/sdk';
import { ChatClient } from '@chat-room/sdk';
import { recall, remember } from '../shell/storage.ts';
import type { ClientHandle, Identity } from './room-handle.ts';

/** The SDK's client for this identity. Without a name or a token the relay makes the person a guest. */
export function createClient({ url, name, token, getToken }: Identity): ClientHandle {
  const common = { url, storage: pageStorage };
  if (getToken !== undefined) return new ChatClient({ ...common, getToken });
  if (token !== '') return new ChatClient({ ...common, token });
  return new ChatClient({ ...common, ...(name !== '' && { user: { name } }) });
}

const pageStorage: KeyValueStorage = { getItem: recall, setItem: remember };
