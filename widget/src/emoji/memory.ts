// What a person picks and in which skin tone, kept for all rooms of a site.
import { TONES } from './catalogue.ts';

const KEY = 'chat-room:emoji';
const MAX_RECENT = 24;

export class EmojiMemory {
  /** The latest first. */
  recent: readonly string[] = [];
  /** An index of `TONES`. */
  tone = 0;

  constructor() {
    try {
      const [tone, ...recent] = (localStorage.getItem(KEY) ?? '').split(' ').filter(Boolean);
      this.tone = Math.min(Number.parseInt(tone ?? '', 10) || 0, TONES.length - 1);
      this.recent = recent.slice(0, MAX_RECENT);
    } catch {
      // Without storage, this lives as long as its page.
    }
  }

  add(emoji: string): void {
    this.recent = [emoji, ...this.recent.filter((other) => other !== emoji)].slice(0, MAX_RECENT);
    this.#save();
  }

  nextTone(): void {
    this.tone = (this.tone + 1) % TONES.length;
    this.#save();
  }

  #save(): void {
    try {
      localStorage.setItem(KEY, [this.tone, ...this.recent].join(' '));
    } catch {
      // As above.
    }
  }
}
