import { expect, test } from 'vitest';
import { embedHtml } from '../../../demo/src/embed-html.ts';

test('the HTML to paste has what differs from the defaults, and nothing breaks out of it', () => {
  const script = 'https://chat.example.com/widget.js';
  expect(embedHtml(script, [['room', 'lobby']], [['--chat-room-accent', '']], [])).toBe(
    `<script type="module" src="${script}"></script>\n<chat-room room="lobby"></chat-room>`,
  );
  const full = embedHtml(
    script,
    [
      ['room', 'a"b<c'],
      ['readonly', ''],
    ],
    [['--chat-room-accent', '#f00']],
    ['footer'],
  );
  expect(full).toContain(
    '<chat-room room="a&quot;b&lt;c" readonly style="--chat-room-accent: #f00">\n  <div slot="footer">…</div>\n</chat-room>',
  );
});
