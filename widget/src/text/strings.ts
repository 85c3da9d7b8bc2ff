// Every word the widget says. Another locale is another object of this shape; dates and numbers come from Intl.

/** What one locale has to say. */
export interface Strings {
  readonly chat: (title: string) => string;
  readonly messages: string;
  readonly message: string;
  readonly placeholder: (title: string) => string;
  readonly send: string;
  readonly bytesLeft: (count: string) => string;
  readonly tooLong: (count: string) => string;
  readonly members: (count: number, shown: string) => string;
  readonly live: string;
  readonly connecting: string;
  readonly connectionLost: string;
  readonly queued: (count: number) => string;
  readonly backOnline: string;
  readonly ended: (code: string) => string;
  readonly sending: string;
  readonly sent: string;
  readonly notSent: string;
  readonly retry: string;
  readonly discard: string;
  readonly edited: string;
  readonly deleted: string;
  readonly unavailable: string;
  readonly you: string;
  readonly reaction: (reaction: string, count: number) => string;
  readonly typing: (names: readonly string[], count: number) => string;
  readonly newMessages: (count: number) => string;
  readonly unread: string;
  readonly latest: string;
  readonly loadingEarlier: string;
  readonly earlierFailed: string;
  readonly beginning: (title: string) => string;
  readonly emptyTitle: (title: string) => string;
  readonly emptyHint: string;
  readonly loading: string;
  readonly readonly: string;
  readonly open: (unread: number) => string;
  readonly close: string;
}

const REASONS: { readonly [code: string]: string } = {
  unauthorized: 'You need to sign in to chat here.',
  forbidden: 'You can’t join this chat.',
  bad_room: 'This chat doesn’t exist.',
  no_relay: 'This chat is not connected to a relay.',
  unsupported_version: 'Reload the page to keep chatting.',
};

export const english: Strings = {
  chat: (title) => `Chat: ${title}`,
  messages: 'Messages',
  message: 'Message',
  placeholder: (title) => `Message ${title}`,
  send: 'Send message',
  bytesLeft: (count) => `${count} left`,
  tooLong: (count) => `${count} too long`,
  members: (count, shown) => (count === 1 ? '1 member' : `${shown} members`),
  live: 'Live',
  connecting: 'Connecting…',
  connectionLost: 'Connection lost. Reconnecting…',
  queued: (count) => {
    if (count === 0) return 'You can keep typing.';
    return `You can keep typing; ${count === 1 ? '1 message' : `${count} messages`} queued.`;
  },
  backOnline: 'Back online',
  ended: (code) => REASONS[code] ?? 'This chat has ended. Reload the page to try again.',
  sending: 'Sending…',
  sent: 'Sent',
  notSent: 'Not sent',
  retry: 'Retry',
  discard: 'Delete',
  edited: 'edited',
  deleted: 'Message deleted',
  unavailable: 'Earlier message',
  you: 'You',
  reaction: (reaction, count) => `${reaction}, ${count === 1 ? '1 person' : `${count} people`}`,
  typing: ([first = '', second = ''], count) => {
    if (count === 1) return `${first} is typing…`;
    return count === 2 && second !== '' ? `${first} and ${second} are typing…` : 'Several people are typing…';
  },
  newMessages: (count) => (count === 1 ? '1 new message' : `${count} new messages`),
  unread: 'New',
  latest: 'Jump to the latest message',
  loadingEarlier: 'Loading earlier messages…',
  earlierFailed: 'Earlier messages could not be loaded.',
  beginning: (title) => `This is the beginning of ${title}`,
  emptyTitle: (title) => `Welcome to ${title}`,
  emptyHint: 'No messages yet. Write the first one.',
  loading: 'Loading messages…',
  readonly: 'You can read along here, but not write.',
  open: (unread) => (unread === 0 ? 'Open chat' : `Open chat, ${unread} unread`),
  close: 'Close chat',
};

/** The table for a language. English for all of them, until there is a second one. */
export function stringsFor(_language: string): Strings {
  return english;
}
