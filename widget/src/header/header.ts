import type { Presence } from '@chat-room/sdk';
import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import type { Notice } from '../connection/connection-notice.ts';
import type { RoomView } from '../connection/room-controller.ts';
import { closeIcon } from '../icons.ts';
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
  /** Shown where the header can close something. */
  readonly onClose: (() => void) | undefined;
}

const MAX_FACES = 3;

/** The room's name, whether it is live, and who is there. */
export function header({ liveness, presence, onClose }: HeaderModel, context: Context): TemplateResult {
  const { strings, title } = context;
  return html`
    <header class="header" part="header">
      <div class="heading">
        <h2 class="title" part="title"><bdi>${title}</bdi></h2>
        <p class="subtitle">
          <span class="dot" part="status" data-state=${liveness}></span>
          ${presenceText(liveness, presence, context)}
        </p>
      </div>
      ${presence === undefined ? nothing : faces(presence)}
      ${
        onClose === undefined
          ? nothing
          : html`<button class="tool" part="close" type="button" aria-label=${strings.close} @click=${onClose}>${closeIcon}</button>`
      }
    </header>
  `;
}

function presenceText(liveness: Liveness, presence: Presence | undefined, { strings, formats }: Context): string {
  if (liveness !== 'live') return liveness === 'ended' ? '' : strings.connecting;
  const count = presenceCount(presence);
  return count === 0 ? strings.live : `${strings.live} · ${strings.members(count, formats.count(count))}`;
}

/** Faces on top of each other, the newest last. */
function faces({ members }: Presence): TemplateResult {
  return html`<div class="faces">${members.slice(0, MAX_FACES).map(avatar)}</div>`;
}

function presenceCount(presence: Presence | undefined): number {
  if (presence === undefined) return 0;
  return presence.scope === 'all' ? presence.members.length : presence.count;
}
