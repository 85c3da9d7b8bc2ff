import type { Presence } from '@chat-room/sdk';
import type { TemplateResult } from 'lit/html.js';
import { html } from 'lit/html.js';
import type { Notice } from '../connection/connection-notice.ts';
import type { RoomView } from '../connection/room-controller.ts';
import { closeIcon, moreIcon } from '../icons.ts';
import type { Context } from '../text/context.ts';
import { avatar } from './avatar.ts';

/** As far as people care: an interruption that is over soon is none. */
export type Liveness = 'live' | 'connecting' | 'ended';

export function livenessOf({ status, isJoined }: RoomView, notice: Notice): Liveness {
  if (status === 'closed' || notice.kind === 'ended') return 'ended';
  return status === 'online' || (isJoined && notice.kind === 'none') ? 'live' : 'connecting';
}

export interface HeaderModel {
  readonly liveness: Liveness;
  readonly presence: Presence | undefined;
  readonly onMenu: (event: Event) => void;
  /** Shown where the header can close something. */
  readonly onClose: (() => void) | undefined;
}

const MAX_FACES = 3;

/** The room's name, whether it is live, and who is there. */
export function header({ liveness, presence, onMenu, onClose }: HeaderModel, context: Context): TemplateResult {
  const { t, title } = context;
  return html`
    <header class="header" part="header">
      <div class="heading">
        <h2 class="title" part="title"><bdi>${title}</bdi></h2>
        <p class="subtitle">
          <span class="dot" part="status" data-state=${liveness}></span>
          ${presenceText(liveness, presence, context)}
        </p>
      </div>
      ${presence && faces(presence)}
      <button class="tool" part="menu-button" type="button" aria-haspopup="menu" aria-label=${t('menu')} @click=${onMenu}>${moreIcon}</button>
      ${
        onClose &&
        html`<button class="tool close" part="close" type="button" aria-label=${t('closeChat')} @click=${onClose}>${closeIcon}</button>`
      }
    </header>
  `;
}

function presenceText(liveness: Liveness, presence: Presence | undefined, { t }: Context): string {
  if (liveness !== 'live') return liveness === 'ended' ? '' : t('connecting');
  const count = presenceCount(presence);
  return count === 0 ? t('live') : `${t('live')} · ${t('members', { count })}`;
}

/** Faces on top of each other, the newest last. */
function faces({ members }: Presence): TemplateResult {
  return html`<div class="faces">${members.slice(0, MAX_FACES).map(avatar)}</div>`;
}

function presenceCount(presence: Presence | undefined): number {
  return presence?.scope === 'all' ? presence.members.length : (presence?.count ?? 0);
}
