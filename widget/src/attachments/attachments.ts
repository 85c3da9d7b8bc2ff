// Images and files: on their way, in messages, and at full size. Loaded with the first of them.
import type { Message } from '@chat-room/sdk';
import type { Attachment } from '@chat-room/sdk/upload';
import { attachmentsOf, uploadLimits } from '@chat-room/sdk/upload';
import type { TemplateResult } from 'lit/html.js';
import { html, nothing } from 'lit/html.js';
import { select } from '../connection/selection.ts';
import type { Extras } from '../extras/extras.ts';
import { alertIcon, closeIcon } from '../icons.ts';
import type { PanelApi } from '../panel/panel-api.ts';
import type { Translate } from '../text/translate.ts';
import { translator } from '../text/translate.ts';
import { attachmentsStyles } from './attachments.styles.ts';
import { fileIcon } from './icons.ts';
import { lightbox } from './lightbox.ts';
import type { PendingFile } from './pending-files.ts';
import { MAX_FILES, PendingFiles } from './pending-files.ts';
import type { Key } from './phrases.ts';
import { english } from './phrases.ts';
import { sizeText } from './size-text.ts';

/** An image is shown no larger than this, in CSS pixels; its box is there before it is. */
const MAX_WIDTH = 320;
const MAX_HEIGHT = 320;

export class Attachments {
  readonly #panel: PanelApi;
  readonly #extras: Extras;
  readonly #pending: PendingFiles;
  /** The largest file that the relay takes, once it is known. */
  #maxBytes: number | undefined;
  #shown: { readonly images: readonly Attachment[]; readonly place: number } | undefined;
  /** The dialog that has been opened: between its closing and the event that says so, it is not to be opened again. */
  #dialog: HTMLDialogElement | null = null;

  constructor(panel: PanelApi, extras: Extras) {
    this.#panel = panel;
    this.#extras = extras;
    panel.adopt(attachmentsStyles);
    this.#pending = new PendingFiles(() => {
      panel.composer.hasFiles = this.#pending.all.some(({ state }) => state.kind !== 'failed');
      panel.updates.requestUpdate();
    });
    panel.updates.parts.push({
      rendered: () => this.#showLightbox(),
      disconnected: () => {
        this.#shown = undefined; // a dialog that leaves the page is closed, and says nothing
      },
    });
  }

  /** Lets the person choose files. */
  choose(): void {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.addEventListener('change', () => this.add([...(input.files ?? [])]));
    input.click();
  }

  add(files: readonly File[]): void {
    const { room } = this.#panel.room;
    if (room === undefined) return;
    void this.#learnLimits();
    const left = this.#pending.add(room, files, this.#relay);
    if (left.length > 0) this.#panel.tell(this.#t('tooMany', { count: MAX_FILES }));
    this.#panel.composer.focus();
  }

  /** Waits for what is under way, and hands it over for a message. */
  take(): Promise<readonly Attachment[]> {
    return this.#pending.take();
  }

  /** Above the box: what will go with the next message. */
  pending(): TemplateResult | typeof nothing {
    const { all } = this.#pending;
    return all.length === 0 ? nothing : html`<ul class="files" part="files">${all.map((one) => this.#pendingFile(one))}</ul>`;
  }

  /** In a message. */
  view(message: Message): TemplateResult | typeof nothing {
    const attachments = attachmentsOf(message);
    if (attachments.length === 0) return nothing;
    const images = attachments.filter(isImage);
    return html`
      <div class="attachments" part="attachments">
        ${images.map((image, place) => this.#image(image, () => this.#open(images, place)))}
        ${attachments.filter((one) => !isImage(one)).map((file) => this.#file(file))}
      </div>
    `;
  }

  /** Over the page: the image that somebody looks at. */
  overlay(): TemplateResult | typeof nothing {
    if (this.#shown === undefined) return nothing;
    const { images, place } = this.#shown;
    const hrefOf = (attachment: Attachment): string => this.#hrefOf(attachment);
    return lightbox({ images, place, hrefOf, onMove: (next) => this.#open(images, next), onClose: () => this.#close() }, this.#t);
  }

  #pendingFile({ file, state, preview }: PendingFile): TemplateResult {
    const t = this.#t;
    const { name } = file;
    const percent = state.kind === 'uploading' ? Math.round(state.fraction * 100) : 100;
    return html`
      <li class="file ${state.kind}">
        ${preview === undefined ? fileIcon : html`<img src=${preview} alt="" />`}
        <span class="file-text">
          <span class="file-name" dir="auto">${name}</span>
          ${
            state.kind === 'failed'
              ? html`<small role="alert">${alertIcon} ${this.#failure(file, state.code)}</small>`
              : state.kind === 'uploading'
                ? html`<progress max="100" .value=${percent} aria-label=${t('uploading', { name, percent: `${percent} %` })}></progress>`
                : html`<small>${this.#sizeOf(file.size)}</small>`
          }
        </span>
        <button class="tool" type="button" aria-label=${t('remove', { name })} @click=${() => this.#pending.remove(file)}>${closeIcon}</button>
      </li>
    `;
  }

  #failure({ name }: File, code: string): string {
    if (code === 'too_large' && this.#maxBytes !== undefined)
      return this.#t('tooLarge', { name, size: this.#sizeOf(this.#maxBytes) });
    return this.#t(code === 'bad_media_type' ? 'badType' : 'uploadFailed', { name });
  }

  #image(image: Attachment, onClick: () => void): TemplateResult {
    const { width, height } = boxOf(image);
    const label = this.#t('image', { name: image.name });
    return html`
      <button class="image" part="image" type="button" tabindex="-1" aria-label=${label} @click=${onClick}>
        <img src=${this.#hrefOf(image)} alt="" width=${width} height=${height} loading="lazy" decoding="async" />
      </button>
    `;
  }

  #file(file: Attachment): TemplateResult {
    return html`
      <a class="file" part="file" href=${this.#hrefOf(file)} download=${file.name} target="_blank" rel="noopener" tabindex="-1">
        ${fileIcon}<span class="file-text"><span class="file-name" dir="auto">${file.name}</span> <small>${this.#sizeOf(file.bytes)}</small></span>
      </a>
    `;
  }

  async #learnLimits(): Promise<void> {
    if (this.#maxBytes !== undefined) return;
    // Where it is not told, a file that is too large is said to have failed.
    const limits = await uploadLimits(this.#relay).catch(() => undefined);
    this.#maxBytes = limits?.maxBytes;
    this.#panel.updates.requestUpdate();
  }

  #open(images: readonly Attachment[], place: number): void {
    this.#shown = { images, place };
    this.#panel.updates.requestUpdate();
  }

  #close(): void {
    this.#shown = undefined;
    this.#panel.updates.requestUpdate();
  }

  #showLightbox(): void {
    const dialog = this.#panel.updates.root.querySelector<HTMLDialogElement>('.lightbox');
    if (dialog === this.#dialog) return;
    this.#dialog = dialog;
    dialog?.showModal();
  }

  #sizeOf(bytes: number): string {
    return sizeText(bytes, this.#panel.context.language.tag);
  }

  /** Files are the relay's own: their addresses are paths there, and nowhere else. */
  #hrefOf({ url }: Attachment): string {
    return new URL(url, this.#relay).href;
  }

  get #relay(): string {
    return (select(this.#panel.element).relay ?? location.href).replace(/^ws/u, 'http');
  }

  get #t(): Translate<Key> {
    return translator(english, this.#extras.more.current);
  }
}

/** Images whose size is known: the others are files, since nothing may move when they arrive. */
function isImage({ mediaType, width, height }: Attachment): boolean {
  return mediaType.startsWith('image/') && width !== undefined && height !== undefined;
}

function boxOf({ width = 1, height = 1 }: Attachment): { width: number; height: number } {
  const scale = Math.min(1, MAX_WIDTH / width, MAX_HEIGHT / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
