import type { TemplateResult } from 'lit/html.js';
import { html } from 'lit/html.js';

// Drawn on a grid of 24, in the colour of the text around them. Beside each stands a label, so that none is read aloud.
export const sendIcon = icon('M12 19V5m0 0-6 6m6-6 6 6');
export const downIcon = icon('M12 5v14m0 0 6-6m-6 6-6-6');
export const sentIcon = icon('m5 12.5 4.5 4.5L19 7.5');
export const sendingIcon = icon('M12 7v5l3 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z');
export const alertIcon = icon('M12 8v5m0 3.2v.1M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z');
export const closeIcon = icon('m6 6 12 12M18 6 6 18');
export const chatIcon = icon('M20.5 11.5a8 8 0 0 1-8 8c-1.3 0-2.5-.3-3.6-.8L4 20l1.3-4.4a7.9 7.9 0 0 1-.8-3.6 8 8 0 0 1 16-.5Z');

export const moreIcon = icon('M5 11.6v.8M12 11.6v.8M19 11.6v.8M4.6 12h.8m6.2 0h.8m6.2 0h.8');
export const emojiIcon = icon('M8.5 14.5a4.2 4.2 0 0 0 7 0M9 9.5h.01M15 9.5h.01M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z');
export const attachIcon = icon('m20 11-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7l-8.2 8.2a1.7 1.7 0 0 1-2.4-2.4L15 7');
export const readIcon = icon('m2 12.5 4.5 4.5L16 7.5m-4 9 .5.5L22 7.5');

export function icon(path: string): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${path} /></svg>`;
}
