// CodeMirror for Markdown, bound to a text of Yjs. It stands in a shadow tree: there its styles are adopted style sheets, which
// the page's policy allows, where it forbids style elements.
import { defaultKeymap } from '@codemirror/commands';
import { markdown, markdownKeymap, markdownLanguage } from '@codemirror/lang-markdown';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { Compartment, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, keymap, placeholder } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { yCollab, ySyncAnnotation, yUndoManagerKeymap } from 'y-codemirror.next';
import type * as Y from 'yjs';
import { remoteCursors } from './remote-cursors.ts';

const MAX_CHARACTERS = 500_000;

const MONO = 'ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", monospace';

const theme = EditorView.theme({
  '&': { color: 'var(--text)', fontSize: '17px', height: '100%' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'inherit', lineHeight: '1.75', overflowX: 'hidden' },
  '.cm-content': { padding: 'clamp(24px, 5vw, 44px) 0 64px', caretColor: 'var(--accent)' },
  '.cm-line': { paddingInline: 'clamp(16px, 6vw, 56px)' },
  '.cm-cursor': { borderInlineStart: '2px solid var(--accent)' },
  '.cm-placeholder': { color: 'var(--quiet)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'color-mix(in srgb, var(--accent) 22%, transparent)',
  },
});

const highlighting = HighlightStyle.define([
  { tag: tags.heading1, fontSize: '1.7em', fontWeight: '700', letterSpacing: '-0.02em', lineHeight: '1.4' },
  { tag: tags.heading2, fontSize: '1.32em', fontWeight: '680', letterSpacing: '-0.015em' },
  { tag: tags.heading, fontSize: '1.1em', fontWeight: '650' },
  { tag: tags.strong, fontWeight: '680' },
  { tag: tags.emphasis, fontStyle: 'italic' },
  { tag: tags.strikethrough, textDecoration: 'line-through' },
  { tag: tags.link, color: 'var(--accent)' },
  { tag: tags.url, color: 'var(--accent)', textDecoration: 'underline', textUnderlineOffset: '3px' },
  { tag: tags.monospace, fontFamily: MONO, fontSize: '0.88em' },
  { tag: tags.quote, fontStyle: 'italic' },
  { tag: [tags.processingInstruction, tags.contentSeparator, tags.labelName], color: 'var(--quiet)', fontWeight: '400' },
  { tag: [tags.keyword, tags.tagName], color: 'var(--accent)' },
  { tag: tags.comment, color: 'var(--quiet)' },
]);

export interface EditorHandlers {
  /** The cursor, the text, or whether it is here that one types. */
  readonly onUpdate: (view: EditorView) => void;
}

export interface Editor {
  readonly view: EditorView;
  setEditable(isEditable: boolean): void;
}

export function openEditor(host: HTMLElement, text: Y.Text, undoManager: Y.UndoManager, { onUpdate }: EditorHandlers): Editor {
  const root = host.attachShadow({ mode: 'open' });
  const editable = new Compartment();
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text.toString(),
      extensions: [
        editable.of(EditorView.editable.of(false)),
        keymap.of([...yUndoManagerKeymap, ...markdownKeymap, ...defaultKeymap]),
        markdown({ base: markdownLanguage, addKeymap: false, completeHTMLTags: false }),
        syntaxHighlighting(highlighting),
        yCollab(text, null, { undoManager }),
        remoteCursors,
        limitLength,
        drawSelection(),
        EditorView.lineWrapping,
        EditorView.perLineTextDirection.of(true),
        EditorView.contentAttributes.of({ 'aria-label': 'Text', 'aria-multiline': 'true', spellcheck: 'true', dir: 'auto' }),
        placeholder('Write something. It is Markdown: # a heading, **bold**, - a list.'),
        EditorView.updateListener.of(({ docChanged, selectionSet, focusChanged }) => {
          if (docChanged || selectionSet || focusChanged) onUpdate(view);
        }),
        theme,
      ],
    }),
  });
  return {
    view,
    setEditable: (isEditable) => view.dispatch({ effects: editable.reconfigure(EditorView.editable.of(isEditable)) }),
  };
}

/** What others have made longer is taken; what is typed or pasted here is not. */
const limitLength = EditorState.changeFilter.of((transaction) => {
  const { newDoc, startState } = transaction;
  if (newDoc.length <= MAX_CHARACTERS || newDoc.length <= startState.doc.length) return true;
  return transaction.annotation(ySyncAnnotation) !== undefined;
});
