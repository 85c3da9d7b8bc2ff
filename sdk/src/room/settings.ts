import type { RoomEvent, RoomSettings } from '../protocol/index.ts';

/** The settings after an event of the log (MOD9); the same object where it changes nothing. `me` is this client's member. */
export function applyToSettings(settings: RoomSettings, event: RoomEvent, me: string | undefined): RoomSettings {
  if (event.type === 'delete' && event.target === settings.pinned) return { ...settings, pinned: undefined };
  if (event.type !== 'moderation') return settings;
  const { action } = event;
  switch (action.type) {
    case 'pin':
      return { ...settings, pinned: action.target };
    case 'unpin':
      return { ...settings, pinned: undefined };
    case 'slowMode':
      return { ...settings, slowModeMs: action.intervalMs };
  }
  const { you } = settings;
  const isMuting = action.type === 'mute' || action.type === 'unmute';
  if (!isMuting || action.member.id !== me || you.moderate) return settings; // who is banned is removed
  return { ...settings, you: { ...you, mutedUntil: action.type === 'mute' ? action.until : undefined } };
}
