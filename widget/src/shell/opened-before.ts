const KEY = 'chat-room:opened';

/** Whether this person has opened a chat of this site before: then they may want to know what waits in it. */
export function openedBefore(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}

export function rememberOpened(): void {
  try {
    localStorage.setItem(KEY, '1');
  } catch {
    // Without storage the chat loads when it is opened again.
  }
}
