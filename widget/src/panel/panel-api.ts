import type { Composer } from '../composer/composer.ts';
import type { RoomController } from '../connection/room-controller.ts';
import type { LogController } from '../log/log-controller.ts';
import type { RowFocus } from '../log/row-focus.ts';
import type { Context } from '../text/context.ts';
import type { Embedding } from './embedding.ts';
import type { PanelHost } from './updates.ts';

/** The chat, as its parts see it that are loaded later. */
export interface PanelApi {
  readonly element: Embedding;
  readonly updates: PanelHost;
  readonly context: Context;
  readonly room: RoomController;
  readonly log: LogController;
  readonly rows: RowFocus;
  readonly composer: Composer;
  /** Says shortly that something was done, or was not. */
  tell(text: string): void;
  onError(error: unknown): void;
  /** Styles that come with a part. */
  adopt(styles: string): void;
}
