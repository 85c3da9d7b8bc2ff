// Texts with marks, links and mentions. Loaded with the first message that has any of them.
import type { PanelApi } from '../panel/panel-api.ts';
import type { RichText } from '../text/context.ts';
import { markdownStyles } from './markdown.styles.ts';
import { parseMarkdown, plainText } from './markdown.ts';
import { markdownView } from './markdown-view.ts';

export function createRichText(panel: Pick<PanelApi, 'adopt'>): RichText {
  panel.adopt(markdownStyles);
  return {
    view: (text, mentions) => markdownView(parseMarkdown(text, { mentions })),
    plain: plainText,
  };
}
