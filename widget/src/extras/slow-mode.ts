import type { TemplateResult } from 'lit/html.js';
import { html, nothing } from 'lit/html.js';
import { sendingIcon } from '../icons.ts';
import type { PanelApi } from '../panel/panel-api.ts';
import type { PanelPart } from '../panel/updates.ts';
import type { Translate } from '../text/translate.ts';
import type { Key } from './phrases.ts';

/**
 * Says above the box how long slow mode still keeps the next message back. What is sent meanwhile waits in the log, and
 * goes out when it is due. Spoken once for each wait; there is a timer only while there is something to count.
 */
export class SlowMode implements PanelPart {
  readonly #panel: PanelApi;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(panel: PanelApi) {
    this.#panel = panel;
    panel.updates.parts.push(this);
  }

  disconnected(): void {
    clearTimeout(this.#timer);
  }

  /** The words are in the document as long as this is: a region that comes with its words may go unheard. The digits are never read. */
  template(t: Translate<Key>): TemplateResult {
    const { context, updates } = this.#panel;
    const slowModeMs = this.#panel.room.room?.settings?.slowModeMs ?? 0;
    const leftMs = updates.isConnected ? this.#wait() : 0;
    clearTimeout(this.#timer);
    if (leftMs > 0) this.#timer = setTimeout(updates.requestUpdate, leftMs % 1_000 || 1_000);
    const left = leftMs > 0 && html`${sendingIcon}<b role="timer" dir="ltr">${digits(leftMs, context.language.tag)}</b>`;
    return html`
      <div class=${leftMs > 0 ? 'slow' : 'spoken'} part="slow-mode">
        <span role="status">${leftMs > 0 ? t('slowModeOn', { count: Math.ceil(slowModeMs / 1_000) }) : nothing}</span>
        ${left || nothing}
      </div>
    `;
  }

  /** Milliseconds; 0 for whom slow mode does not bind, and where nothing was sent since it was set. */
  #wait(): number {
    const { settings, timeline = [] } = this.#panel.room.room ?? {};
    if (settings === undefined || settings.slowModeMs === 0 || settings.you.moderate) return 0;
    const { slowModeMs } = settings;
    const last = timeline.findLast(({ own, delivery, notice }) =>
      notice ? notice.type === 'slowMode' : own && delivery.state === 'stored',
    );
    if (last === undefined || last.notice) return 0;
    // The two clocks may differ: nobody waits for longer than the interval.
    return Math.max(0, Math.min(slowModeMs, last.at + slowModeMs - Date.now()));
  }
}

/** 0:09, 12:30 or 1:00:00, in the digits of a language. */
function digits(ms: number, tag: string): string {
  const seconds = Math.ceil(ms / 1_000);
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown
    .map((value, index) => new Intl.NumberFormat(tag, { minimumIntegerDigits: index === 0 ? 1 : 2 }).format(value))
    .join(':');
}
