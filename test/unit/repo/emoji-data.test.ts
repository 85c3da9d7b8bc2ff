import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeEmojiData } from '../../../scripts/make-emoji-data.js';
import { ROOT } from '../../../scripts/tool.js';

test.each(Object.entries(makeEmojiData()))('widget/src/emoji/%s is what its script makes of its source', (name, text) => {
  expect(readFileSync(join(ROOT, 'widget/src/emoji', name), 'utf8')).toBe(text);
});
