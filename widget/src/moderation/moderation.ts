// For who may moderate: mute, ban, slow mode, and who is muted or banned. Loaded when one of them opens a menu; whether it is done the relay decides.
import type { Member, ModerationAction } from '@chat-room/sdk';
import type { TemplateResult } from 'lit/html.js';
import { html } from 'lit/html.js';
import type { Extras } from '../extras/extras.ts';
import type { MenuItem } from '../extras/menu.ts';
import { menu } from '../extras/menu.ts';
import type { PanelApi } from '../panel/panel-api.ts';
import type { Translate } from '../text/translate.ts';
import { translator } from '../text/translate.ts';
import { banIcon, clockIcon, muteIcon } from './icons.ts';
import { moderationStyles } from './moderation.styles.ts';
import type { Key } from './phrases.ts';
import { english } from './phrases.ts';
import { SanctionsList } from './sanctions-list.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** For how long somebody is muted or banned. */
const SPANS = [
  { unit: 'minutes', count: 10, ms: 10 * MINUTE_MS },
  { unit: 'hours', count: 1, ms: HOUR_MS },
  { unit: 'days', count: 1, ms: DAY_MS },
  { unit: 'days', count: 7, ms: 7 * DAY_MS },
] as const;

const SLOW_MODES = [
  { unit: 'seconds', count: 5, ms: 5_000 },
  { unit: 'seconds', count: 15, ms: 15_000 },
  { unit: 'seconds', count: 30, ms: 30_000 },
  { unit: 'minutes', count: 1, ms: MINUTE_MS },
  { unit: 'minutes', count: 5, ms: 5 * MINUTE_MS },
] as const;

export class Moderation {
  readonly #panel: PanelApi;
  readonly #extras: Extras;
  /** Who is muted or banned; shown as long as it is open. */
  readonly sanctions: SanctionsList;

  constructor(panel: PanelApi, extras: Extras) {
    this.#panel = panel;
    this.#extras = extras;
    panel.adopt(moderationStyles);
    this.sanctions = new SanctionsList(panel, {
      t: () => this.#t,
      more: () => extras.t('more'),
      lift: (action) => this.#do(action),
      tellDone: ({ type, member }) => panel.tell(extras.t(`${type}Done`, { name: member.name })),
    });
  }

  /** What may be done with a member; nothing with oneself. */
  memberItems(member: Member): readonly MenuItem[] {
    if (member.id === this.#panel.room.view.me) return [];
    const { name } = member;
    const t = this.#t;
    return [
      { label: t('mute', { name }), icon: muteIcon, run: () => this.#chooseSpan('mute', member) },
      { label: t('ban', { name }), icon: banIcon, isDanger: true, run: () => this.#chooseSpan('ban', member) },
    ];
  }

  /** What may be done with the room. */
  roomItems(showSanctions: () => void): readonly MenuItem[] {
    return [
      { label: this.#t('slowMode'), icon: clockIcon, run: () => this.#chooseSlowMode() },
      { label: this.sanctionsTitle, icon: banIcon, run: showSanctions },
    ];
  }

  /** Leads from the people who are here to those who may not write or come. */
  sanctionsLink(showSanctions: () => void): TemplateResult {
    return html`<p class="sheet-note"><button type="button" class="link" @click=${showSanctions}>${this.sanctionsTitle}</button></p>`;
  }

  get sanctionsTitle(): string {
    return this.#t('sanctions');
  }

  #chooseSpan(type: 'mute' | 'ban', member: Member): void {
    const t = this.#t;
    const icon = type === 'mute' ? muteIcon : banIcon;
    const timed = SPANS.map(({ unit, count, ms }) => ({
      label: t(unit, { count }),
      icon,
      run: () => void this.#do({ type, member, until: Date.now() + ms }),
    }));
    const items = [...timed, { label: t('forGood'), icon, isDanger: true, run: () => void this.#do({ type, member }) }];
    this.#extras.popover.show(() => menu(t(type === 'mute' ? 'muteFor' : 'banFor', { name: member.name }), items));
  }

  #chooseSlowMode(): void {
    const t = this.#t;
    const current = this.#panel.room.room?.settings?.slowModeMs ?? 0;
    const item = (label: string, intervalMs: number): MenuItem => ({
      label,
      icon: clockIcon,
      isChecked: intervalMs === current,
      run: () => void this.#do({ type: 'slowMode', intervalMs }),
    });
    const items = [item(t('off'), 0), ...SLOW_MODES.map(({ unit, count, ms }) => item(t(unit, { count }), ms))];
    this.#extras.popover.show(() => menu(t('slowModeTitle'), items));
  }

  /** False where the relay did not do it. */
  async #do(action: ModerationAction): Promise<boolean> {
    this.#extras.popover.close();
    try {
      await this.#panel.room.room?.moderate(action);
      return true;
    } catch (error) {
      this.#panel.tell(this.#t('failed'));
      this.#panel.onError(error);
      return false;
    }
  }

  get #t(): Translate<Key> {
    return translator(english, this.#extras.more.current);
  }
}
