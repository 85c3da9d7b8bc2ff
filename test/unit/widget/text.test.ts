import { describe, expect, test } from 'vitest';
import { enterAction } from '../../../widget/src/composer/enter.ts';
import { hiddenByKeyboard } from '../../../widget/src/extras/keyboard-inset.ts';
import { HUES, hueOf, initials } from '../../../widget/src/header/identity.ts';
import { isJustEmoji } from '../../../widget/src/text/emoji.ts';
import { formatsFor } from '../../../widget/src/text/formats.ts';

describe('identity', () => {
  test.each([
    ['Ada Lovelace', 'AL'],
    ['ada', 'A'],
    ['Grace Brewster Murray Hopper', 'GH'],
    ['王小明', '王'],
    ['guest_4821', 'G4'],
    ['👩‍👩‍👧 family', '👩‍👩‍👧F'],
    ['  ', '?'],
  ])('%s is shown as %s', (name, expected) => {
    expect(initials(name)).toBe(expected);
  });

  test('a hue is always the same, and all of them are used', () => {
    expect(hueOf('m-ada')).toBe(hueOf('m-ada'));
    const hues = new Set(Array.from({ length: 200 }, (_, i) => hueOf(`g_${i}`)));
    expect(hues.size).toBe(HUES);
  });
});

describe('Enter', () => {
  const key = { key: 'Enter', keyCode: 13, isComposing: false, shiftKey: false, altKey: false, ctrlKey: false, metaKey: false };

  test.each([
    [{}, false, 'send'],
    [{}, true, 'break'],
    [{ shiftKey: true }, false, 'break'],
    [{ ctrlKey: true }, true, 'send'],
    [{ metaKey: true }, false, 'send'],
    [{ isComposing: true }, false, 'ignore'],
    [{ keyCode: 229 }, false, 'ignore'],
    [{ keyCode: 229, ctrlKey: true }, false, 'ignore'],
    [{ key: 'a', keyCode: 65 }, false, 'ignore'],
  ] as const)('%j, on touch: %s → %s', (fields, isTouch, expected) => {
    expect(enterAction({ ...key, ...fields }, isTouch)).toBe(expected);
  });

  test.each([
    [{}, 'break'],
    [{ shiftKey: true }, 'break'],
    [{ ctrlKey: true }, 'send'],
    [{ metaKey: true }, 'send'],
    [{ ctrlKey: true, isComposing: true }, 'ignore'],
  ] as const)('%j, where Ctrl and Enter send → %s', (fields, expected) => {
    expect(enterAction({ ...key, ...fields }, false, 'ctrl-enter')).toBe(expected);
  });
});

test.each([
  ['👍', true],
  ['🎉🚀❤️', true],
  ['👩‍👩‍👧‍👦', true],
  ['🇩🇪', true],
  ['👍👍👍👍', false],
  ['ok 👍', false],
  ['12', false],
  ['', false],
])('%j is nothing but emoji: %s', (text, expected) => {
  expect(isJustEmoji(text)).toBe(expected);
});

describe('dates', () => {
  const now = new Date(2026, 10, 22, 9).getTime();
  const { day, count } = formatsFor('en-GB');

  test.each([
    [new Date(2026, 10, 22, 0, 1), 'Today'],
    [new Date(2026, 10, 21, 23, 59), 'Yesterday'],
    [new Date(2026, 10, 18), 'Wednesday'],
    [new Date(2026, 2, 9), '9 March'],
    [new Date(2024, 2, 9), '9 March 2024'],
    [new Date(2026, 10, 23), '23 November'],
  ])('%s is %s', (at, expected) => {
    expect(day(at.getTime(), now)).toBe(expected);
  });

  test('are in the language asked for, and a wrong one does no harm', () => {
    expect(formatsFor('de').day(now, now)).toBe('Heute');
    expect(() => formatsFor('not a language').time(Number.MAX_SAFE_INTEGER)).not.toThrow();
    expect(count(12345)).toBe('12,345');
  });
});

test.each([
  [{ height: 800, offsetTop: 0, scale: 1 }, 0],
  [{ height: 460, offsetTop: 0, scale: 1 }, 340],
  [{ height: 460, offsetTop: 100, scale: 1 }, 240],
  [{ height: 400, offsetTop: 0, scale: 2 }, 0],
  [{ height: 800.4, offsetTop: 0, scale: 1 }, 0],
])('of a page 800 pixels high with %j in view, a keyboard hides %s', (visible, expected) => {
  expect(hiddenByKeyboard(800, visible)).toBe(expected);
});
