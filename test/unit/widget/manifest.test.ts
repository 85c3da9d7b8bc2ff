// The manifest against the element itself. scripts/make-manifest.js reads the syntax; this looks at the class and at the text.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ChatRoom } from '../../../widget/src/index.ts';

interface Named {
  readonly name: string;
}

interface Attribute extends Named {
  readonly fieldName: string;
  readonly type: { readonly text: string };
}

interface Element {
  readonly attributes: readonly Attribute[];
  readonly members: readonly (Named & { readonly kind: 'field' | 'method' })[];
  readonly events: readonly Named[];
  readonly slots: readonly Named[];
  readonly cssParts: readonly Named[];
  readonly cssProperties: readonly Named[];
}

const WIDGET = new URL('../../../widget/', import.meta.url);
const element = (JSON.parse(text('custom-elements.json')) as { modules: { declarations: Element[] }[] }).modules[0]
  ?.declarations[0] as Element;

/** Of the class, and no concern of a page's: what the chat in the element asks it, and what the browser calls. */
const NOT_FOR_PAGES = ['constructor', 'script', 'isOpen', 'language'];
const CALLBACK = /Callback$/u;

describe('the manifest describes', () => {
  test('the attributes that the element observes, and the one that only its styles read', () => {
    expect(names(element.attributes)).toEqual([...ChatRoom.observedAttributes, 'theme'].sort());
  });

  test('what the class has for a page to use', () => {
    const own = Object.getOwnPropertyNames(ChatRoom.prototype).filter((name) => !CALLBACK.test(name));
    expect(names(element.members)).toEqual(own.filter((name) => !NOT_FOR_PAGES.includes(name)).sort());
  });

  test('the events that are fired', () => {
    expect(names(element.events)).toEqual(found(/\bfire\([^,]+, '([^']+)'/gu));
  });

  test('the slots in the templates', () => {
    expect(names(element.slots)).toEqual(found(/<slot name="([^"]+)"/gu));
  });

  test('the parts in the templates, and on the button that is made without one', () => {
    const plain = found(/\bpart(?:="|: ')([a-z- ]+)["'$]/gu).flatMap((part) => part.trim().split(' '));
    const chosen = found(/\bpart="[^"]*\$\{([^}]*)\}"/gu).flatMap((code) =>
      [...code.matchAll(/'([^']+)'/gu)].map(([, name]) => name),
    );
    expect(names(element.cssParts)).toEqual([...new Set([...plain, ...chosen])].sort());
  });

  test('the custom properties in the styles', () => {
    expect(names(element.cssProperties)).toEqual(found(/(--chat-room-[\w-]+)/gu));
  });
});

test('the types for frameworks know each attribute and each property that can be set', () => {
  const types = text('src/frameworks/markup.ts');
  const fields = element.members.filter(({ kind, name }) => kind === 'field' && name !== 'updateComplete');
  const settable = [...names(element.attributes), ...names(fields)].filter((name) => name !== 'lang'); // which each framework has itself
  expect(settable.filter((name) => !types.includes(`'${name}'`))).toEqual([]);
});

describe('README.md and the examples', () => {
  const examples = new URL('../../frameworks/', import.meta.url);
  const sources = readdirSync(examples, { recursive: true, encoding: 'utf8' })
    .filter((path) => /(?<!wrong.*)\.(html|php|tsx|vue|svelte|ts)$/iu.test(path))
    .map((path) => readFileSync(new URL(path, examples), 'utf8'));
  const all = [text('README.md'), ...sources].join('\n');

  test('name only parts, custom properties, slots and events that there are', () => {
    const named = {
      parts: matches(/::part\(([^)]*)\)/gu, all),
      properties: matches(/(--chat-room-[\w-]+)/gu, all),
      slots: matches(/<\w+ slot="([^"]*)"/gu, all),
      events: matches(/addEventListener\('(chat-room-[\w-]+)'/gu, all),
    };
    expect(Object.values(named).map((some) => some.length > 0)).toEqual([true, true, true, true]);
    expect(named.parts.filter((name) => !names(element.cssParts).includes(name))).toEqual([]);
    expect(named.properties.filter((name) => !names(element.cssProperties).includes(name))).toEqual([]);
    expect(named.slots.filter((name) => !names(element.slots).includes(name))).toEqual([]);
    expect(named.events.filter((name) => !names(element.events).includes(name))).toEqual([]);
  });

  test('give attributes only values that they take', () => {
    const known = new Map(element.attributes.map(({ name, type }) => [name, choices(type.text)]));
    const plain = [text('README.md'), ...sources.filter((source) => source.includes('widget.js'))].join('\n');
    const tags = [...plain.matchAll(/<chat-room((?:\s+[\w-]+(?:="[^"]*")?)*)\s*>/gu)].map(([, attributes = '']) => attributes);
    const given = tags
      .flatMap((tag) => [...tag.matchAll(/([\w-]+)(?:="([^"]*)")?/gu)])
      .filter(([, name = '']) => name !== 'style');
    expect(given.length).toBeGreaterThan(5);
    const wrong = given.filter(([, name = '', value = '']) => {
      const taken = known.get(name);
      return taken === undefined || (taken.length > 0 && !taken.includes(value) && value !== '%s');
    });
    expect(wrong.map(([attribute]) => attribute)).toEqual([]);
  });
});

function text(path: string): string {
  return readFileSync(new URL(path, WIDGET), 'utf8');
}

/** What the pattern finds in the element's sources. */
function found(pattern: RegExp): string[] {
  const shown = readdirSync(new URL('src/', WIDGET), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !/^(frameworks|locales)\b/u.test(path))
    .map((path) => text(`src/${path}`));
  return matches(pattern, shown.join('\n'));
}

function matches(pattern: RegExp, source: string): string[] {
  return [...new Set([...source.matchAll(pattern)].map(([, match = '']) => match))].sort();
}

function names(all: readonly Named[]): string[] {
  return all.map(({ name }) => name).sort();
}

function choices(type: string): string[] {
  return [...type.matchAll(/'([^']*)'/gu)].map(([, choice = '']) => choice);
}
