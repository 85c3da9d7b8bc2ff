import type { RoomEvent, RoomSettings } from '../protocol/index.ts';

/** The settings after an event of the log (MOD9); the same object where it changes nothing. `me` is this client's member. */
export function applyToSettings(settings: RoomSettings, event: RoomEvent, me: string | undefined): RoomSettings {
  if (event.type === 'delete' && event.target === settings.pinned) return { ...settings, pinned: undefined };
  if (event.type !== 'moderation') return settings;
  const { action } = event;
  if (action.type === 'slowMode') return { ...settings, slowModeMs: action.intervalMs };
  if (!('member' in action)) return { ...settings, pinned: action.type === 'pin' ? action.target : undefined };
  const { you } = settings;
  const isOurs = action.member.id === me && action.type.endsWith('mute') && !you.moderate;
  return isOurs ? { ...settings, you: { ...you, mutedUntil: action.type === 'mute' ? action.until : undefined } } : settings; // who is banned is removed
}
