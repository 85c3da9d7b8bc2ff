/** What moderators are offered. */
export const english = {
  mute: 'Mute {name}…',
  ban: 'Ban {name}…',
  muteFor: 'Mute {name}',
  banFor: 'Ban {name}',
  minutes: { one: '{count} minute', other: '{count} minutes' },
  hours: { one: '{count} hour', other: '{count} hours' },
  days: { one: '{count} day', other: '{count} days' },
  forGood: 'Until it is taken back',
  slowMode: 'Slow mode…',
  slowModeTitle: 'One message every',
  off: 'Off',
  seconds: { one: '{count} second', other: '{count} seconds' },
  sanctions: 'Muted and banned',
  noSanctions: 'Nobody is muted or banned.',
  unmute: 'Unmute',
  unban: 'Unban',
  isMuted: 'muted',
  isBanned: 'banned',
  until: 'until {moment}',
  close: 'Close',
  failed: 'That didn’t work. Try again.',
} as const;

export type Key = keyof typeof english;
