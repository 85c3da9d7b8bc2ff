// Everybody else's cursors and selections in the editor, each with a flag of its name. y-codemirror.next has such too, but sets
// styles as attributes, which the page's policy forbids.
import type { Extension, Range } from '@codemirror/state';
import { StateEffect, StateField } from '@codemirror/state';
import type { DecorationSet } from '@codemirror/view';
import { Decoration, EditorView, WidgetType } from '@codemirror/view';
import type { Person } from './people.ts';

const setPeople = StateEffect.define<readonly Person[]>();

/** Shows them from now on. */
export function showCursors(view: EditorView, people: readonly Person[]): void {
  view.dispatch({ effects: setPeople.of(people) });
}

class Caret extends WidgetType {
  readonly #person: Person;

  constructor(person: Person) {
    super();
    this.#person = person;
  }

  override eq(other: Caret): boolean {
    return other.#person.by === this.#person.by && other.#person.name === this.#person.name;
  }

  override toDOM(): HTMLElement {
    const caret = document.createElement('span');
    caret.className = 'cm-theirs';
    caret.style.setProperty('--who', this.#person.colour);
    const flag = document.createElement('span');
    flag.textContent = this.#person.name;
    // Word joiners: a line must not break at somebody's cursor.
    caret.append('\u2060', flag, '\u2060');
    caret.ariaHidden = 'true';
    return caret;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

function decorate(people: readonly Person[], length: number): DecorationSet {
  const ranges = people.flatMap((person): Range<Decoration>[] => {
    if (person.anchor === undefined || person.head === undefined) return [];
    const [anchor, head] = [Math.min(person.anchor, length), Math.min(person.head, length)];
    const [from, to] = [Math.min(anchor, head), Math.max(anchor, head)];
    const caret = Decoration.widget({ widget: new Caret(person), side: head < anchor ? -1 : 1 }).range(head);
    if (from === to) return [caret];
    const mark = Decoration.mark({ class: 'cm-their-selection', attributes: { style: `--who: ${person.colour}` } });
    return [mark.range(from, to), caret];
  });
  return Decoration.set(ranges, true);
}

const cursors = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (shown, transaction) => {
    const told = transaction.effects.findLast((effect) => effect.is(setPeople));
    return told ? decorate(told.value, transaction.newDoc.length) : shown.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

const looks = EditorView.baseTheme({
  '.cm-theirs': { position: 'relative', borderInlineStart: '2px solid var(--who)', marginInline: '-1px' },
  '.cm-theirs > span': {
    position: 'absolute',
    insetBlockEnd: '100%',
    insetInlineStart: '-2px',
    zIndex: '2',
    maxWidth: '16ch',
    overflow: 'hidden',
    padding: '1px 7px 2px',
    borderRadius: '7px 7px 7px 0',
    background: 'var(--who)',
    color: '#fff',
    fontSize: '12px',
    fontStyle: 'normal',
    fontWeight: '600',
    letterSpacing: 'normal',
    lineHeight: '1.4',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    pointerEvents: 'none',
    userSelect: 'none',
  },
  '.cm-line:first-child .cm-theirs > span': { insetBlock: '100% auto', borderRadius: '0 7px 7px 7px' },
  '.cm-their-selection': { backgroundColor: 'color-mix(in srgb, var(--who) 18%, transparent)' },
});

export const remoteCursors: Extension = [cursors, looks];
