import { css } from '../styles/css.ts';

export const attachmentsStyles = css`
  .attachments,
  .files {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .attachments {
    max-inline-size: 320px;
    margin-block: 2px 4px;
  }
  .image ~ .image,
  .image:has(~ .image) {
    max-inline-size: min(156px, 50% - 3px);
  }
  .files {
    flex: 0 0 100%;
    max-block-size: 168px;
    overflow-y: auto;
  }
  .image {
    overflow: hidden;
    line-height: 0;
    border-radius: 10px;
    background: color-mix(in oklab, currentColor 10%, transparent);
  }
  .image img {
    max-inline-size: 100%;
    block-size: auto;
    object-fit: cover;
  }
  .file {
    display: flex;
    align-items: center;
    gap: 10px;
    min-inline-size: 0;
    max-inline-size: 260px;
    padding: 8px 10px;
    font-size: 13px;
    color: inherit;
    text-decoration: none;
    background: color-mix(in oklab, currentColor 8%, transparent);
    border: 1px solid transparent;
    border-radius: 10px;
  }
  .bubble a.file {
    color: inherit;
    border-radius: 10px;
  }
  .file > .icon,
  .files img {
    inline-size: 32px;
    block-size: 32px;
    flex: none;
    padding: 4px;
  }
  .files img {
    padding: 0;
    object-fit: cover;
    border-radius: 6px;
  }
  .file-text {
    display: grid;
    min-inline-size: 0;
  }
  .file-name {
    overflow: hidden;
    white-space: nowrap;
    text-overflow: ellipsis;
    font-weight: 600;
  }
  .file progress {
    inline-size: 100%;
    block-size: 6px;
    accent-color: var(--_accent);
  }
  .file.failed small {
    color: var(--_danger);
  }
  .file .tool {
    inline-size: 32px;
    block-size: 32px;
    font-size: 16px;
  }
  .lightbox {
    inline-size: 100vw;
    block-size: 100dvh;
    max-inline-size: none;
    max-block-size: none;
    padding: 56px 16px 16px;
    border: 0;
    color: #fff;
    background: rgb(0 0 0 / 0.86);
  }
  .lightbox[open] {
    display: grid;
    place-items: center;
  }
  .lightbox img {
    max-inline-size: 100%;
    max-block-size: calc(100dvh - 72px);
    object-fit: contain;
    border-radius: 6px;
  }
  .lightbox .tool {
    color: #fff;
    background: rgb(0 0 0 / 0.4);
  }
  .lightbox-tools {
    position: fixed;
    inset-block-start: 6px;
    inset-inline-end: 8px;
    display: flex;
    gap: 6px;
  }
  .previous,
  .next {
    position: fixed;
    inset-block: 0;
    margin-block: auto;
    inset-inline-start: 8px;
  }
  .next {
    inset-inline: auto 8px;
  }
`;
