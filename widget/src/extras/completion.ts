// The list that opens above the box while a name or an emoji is being typed.
import type { Member } from '@chat-room/sdk';
import type { TemplateResult } from 'lit/html.js';
import { html } from 'lit/html.js';
import { COMPLETIONS_ID, completionId } from '../composer/composer-form.ts';
import { avatar } from '../header/avatar.ts';
import type { Translate } from '../text/translate.ts';
import type { Key } from './phrases.ts';

/** `insert` takes the place of what was typed. */
export type Candidate =
  | { readonly kind: 'member'; readonly member: Member; readonly insert: string }
  | { readonly kind: 'emoji'; readonly emoji: string; readonly name: string; readonly insert: string };

/** What stands before the cursor, from `start` on, may become one of these. */
export interface Completion {
  readonly start: number;
  readonly candidates: readonly Candidate[];
}

const MOST = 6;
const MENTION = /(?<![\p{L}\p{N}@])@([\p{L}\p{N}._-]{0,32})$/u;

/** Members whose name, or a word of it, begins with what follows the `@` before the cursor. */
export function completeMention(before: string, people: readonly Member[]): Completion | undefined {
  const match = MENTION.exec(before);
  if (match === null) return undefined;
  const typed = match[1]?.toLocaleLowerCase() ?? '';
  const fits = ({ name }: Member): boolean =>
    [name, ...name.split(/\s+/u)].some((word) => word.toLocaleLowerCase().startsWith(typed));
  const candidates = people
    .filter(fits)
    .slice(0, MOST)
    .map((member) => ({ kind: 'member' as const, member, insert: `@${member.name} ` }));
  return candidates.length === 0 ? undefined : { start: match.index, candidates };
}

export interface CompletionModel extends Completion {
  readonly selected: number;
  readonly onChoose: (candidate: Candidate) => void;
}

export function completionList({ candidates, selected, onChoose }: CompletionModel, t: Translate<Key>): TemplateResult {
  return html`
    <ul class="completions" part="completions" id=${COMPLETIONS_ID} role="listbox" aria-label=${t('suggestions')}>
      ${candidates.map(
        (candidate, index) => html`
          <li
            id=${completionId(index)}
            role="option"
            aria-selected=${index === selected}
            @pointerdown=${(event: Event) => event.preventDefault() /* The box keeps the focus. */}
            @click=${() => onChoose(candidate)}
          >
            ${
              candidate.kind === 'member'
                ? html`${avatar(candidate.member)}<bdi>${candidate.member.name}</bdi>`
                : html`<span class="glyph">${candidate.emoji}</span><span>:${candidate.name}:</span>`
            }
          </li>
        `,
      )}
    </ul>
  `;
}
