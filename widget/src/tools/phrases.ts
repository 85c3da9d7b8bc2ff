/** What the parts behind the header's menu say. */
export const english = {
  menu: 'Menu',
  people: 'People',
  search: 'Search',
  searchFor: 'Search messages',
  searching: 'Searching…',
  results: { one: '{count} result', other: '{count} results' },
  noResults: 'Nothing found.',
  searchedPart: 'Only the latest {count} events were searched.',
  sound: 'Sound',
  notifications: 'Notifications',
  notificationsBlocked: 'This browser blocks notifications for this page.',
  popout: 'Open in a window',
  popoutBlocked: 'This browser blocked the window.',
  transcript: 'Save transcript',
  transcriptSaved: { one: 'Saved {count} message', other: 'Saved {count} messages' },
  close: 'Close',
  you: 'You',
  here: { one: '{count} person is here', other: '{count} people are here' },
  more: { one: 'and {count} more', other: 'and {count} more' },
  failed: 'That didn’t work. Try again.',
  deleted: 'Message deleted',
} as const;

export type Key = keyof typeof english;
