// A sound, and a notification of the system: both off until somebody turns them on.
import type { Message } from '@chat-room/sdk';
import { plainText } from '../rich/markdown.ts';
import { recall, remember } from '../shell/storage.ts';

const ALERTS = ['sound', 'notifications'] as const;

export type Alert = (typeof ALERTS)[number];

/** What the panel looks at as well: it loads this part only where something is on. */
const KEY = 'chat-room:alerts';

export function isOn(alert: Alert): boolean {
  return recall(KEY)?.includes(alert) ?? false;
}

/** Resolves with false where the browser does not allow it. */
export async function turn(alert: Alert, isWanted: boolean): Promise<boolean> {
  if (alert === 'notifications' && isWanted) {
    const permission = 'Notification' in globalThis ? await Notification.requestPermission() : 'denied';
    if (permission !== 'granted') return false;
  }
  if (alert === 'sound' && isWanted) playSound();
  const others = ALERTS.filter((other) => other !== alert && isOn(other));
  remember(KEY, [...others, ...(isWanted ? [alert] : [])].join(' '));
  return true;
}

/** Tells of messages that arrived while nobody looked. */
export function alertTo(fresh: readonly Message[], title: string, onClick: () => void): void {
  const last = fresh.at(-1);
  if (last === undefined) return;
  if (isOn('sound')) playSound();
  if (!isOn('notifications') || !('Notification' in globalThis) || Notification.permission !== 'granted') return;
  const notification = new Notification(title, {
    body: `${last.from.name}: ${plainText(last.text)}`,
    tag: `chat-room:${last.room}`,
  });
  notification.onclick = () => {
    focus();
    onClick();
    notification.close();
  };
}

let audio: AudioContext | undefined;

/** Two short soft tones. A page that nobody has touched yet may make no sound: then there is none. */
function playSound(): void {
  audio ??= new AudioContext();
  const { currentTime: now, destination } = audio;
  for (const [at, frequency] of [
    [0, 660],
    [0.09, 880],
  ] as const) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0, now + at);
    volume.gain.linearRampToValueAtTime(0.08, now + at + 0.01);
    volume.gain.exponentialRampToValueAtTime(0.0001, now + at + 0.18);
    tone.connect(volume).connect(destination);
    tone.start(now + at);
    tone.stop(now + at + 0.2);
  }
}
