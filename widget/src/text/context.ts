import type { Formats } from './formats.ts';
import type { Strings } from './strings.ts';

/** What every part of the widget needs to say something. */
export interface Context {
  readonly strings: Strings;
  readonly formats: Formats;
  /** What people call the room. */
  readonly title: string;
}
