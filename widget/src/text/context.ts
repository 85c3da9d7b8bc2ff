import type { Formats } from './formats.ts';
import type { Key } from './phrases.ts';
import type { Language, Translate } from './translate.ts';

/** What shows texts with marks, links and mentions. */
export interface RichText {
  /** What to put into a template. `mentions`: names that are marked where they follow an `@`. */
  view(text: string, mentions: readonly string[]): unknown;
  /** The words without their marks, on one line. */
  plain(text: string): string;
}

/** What every part of the widget needs to say something. Another object when any of it changes. */
export interface Context {
  readonly t: Translate<Key>;
  readonly formats: Formats;
  readonly language: Language;
  /** What people call the room. */
  readonly title: string;
  /** Undefined until a text needs it and it is loaded. */
  readonly rich: RichText | undefined;
}

/** A text without its marks, as far as that can be told yet. */
export function plain(text: string, { rich }: Context): string {
  return rich?.plain(text) ?? text;
}
