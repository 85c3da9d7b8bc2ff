import type { Attachment } from '@chat-room/sdk/upload';
import type { TemplateResult } from 'lit/html.js';
import { html, nothing } from 'lit/html.js';
import { closeIcon, downIcon } from '../icons.ts';
import type { Translate } from '../text/translate.ts';
import { nextIcon, previousIcon } from './icons.ts';
import type { Key } from './phrases.ts';

export interface LightboxModel {
  readonly images: readonly Attachment[];
  readonly place: number;
  readonly hrefOf: (attachment: Attachment) => string;
  readonly onMove: (place: number) => void;
  readonly onClose: () => void;
}

/** One image over the whole page, and the way to the others of its message. */
export function lightbox({ images, place, hrefOf, onMove, onClose }: LightboxModel, t: Translate<Key>): TemplateResult {
  const image = images[place];
  const move = (step: number): void => onMove((place + step + images.length) % images.length);
  const onKeydown = ({ key, currentTarget }: KeyboardEvent): void => {
    const onward = getComputedStyle(currentTarget as Element).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    if (key === 'ArrowRight' || key === 'ArrowLeft') move(key === onward ? 1 : -1);
  };
  const arrow = (name: 'previous' | 'next', icon: TemplateResult, step: number): TemplateResult =>
    html`<button class="tool ${name}" type="button" aria-label=${t(name)} @click=${() => move(step)}>${icon}</button>`;
  return html`
    <dialog class="lightbox" part="lightbox" aria-label=${t('image', { name: image?.name ?? '' })} @close=${onClose} @keydown=${onKeydown} @click=${onBackdrop}>
      ${image === undefined ? nothing : html`<img src=${hrefOf(image)} alt=${image.name} />`}
      <div class="lightbox-tools">
        <a class="tool" download=${image?.name ?? ''} href=${image === undefined ? nothing : hrefOf(image)} target="_blank" rel="noopener" aria-label=${t('download')}>${downIcon}</a>
        <button class="tool" type="button" autofocus aria-label=${t('close')} @click=${close}>${closeIcon}</button>
      </div>
      ${images.length > 1 ? html`${arrow('previous', previousIcon, -1)}${arrow('next', nextIcon, 1)}` : nothing}
    </dialog>
  `;
}

function close({ currentTarget }: Event): void {
  (currentTarget as Element).closest('dialog')?.close();
}

/** A press beside the image. */
function onBackdrop({ target, currentTarget }: Event): void {
  if (target === currentTarget) (currentTarget as HTMLDialogElement).close();
}
