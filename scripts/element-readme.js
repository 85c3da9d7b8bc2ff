// What widget/README.md says between `<!-- made: … -->` and `<!-- /made -->`: tables of the element's surface, and the
// examples that the tests compile.
import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { CUSTOM_PROPERTIES } from './element-descriptions.js';
import { choicesOf, readText } from './element-sources.js';
import { ROOT } from './tool.js';

/** @typedef {import('./make-manifest.js').DescribedElement} DescribedElement */

const MADE = /<!-- made: (\S+) -->\n[\s\S]*?<!-- \/made -->/g;

/** @type {Readonly<Record<string, (element: DescribedElement) => string>>} */
const SECTIONS = {
  attributes: ({ attributes }) =>
    table(
      ['attribute', 'values', ''],
      attributes.map(({ name, type, default: initial, description }) => {
        const choices = choicesOf(type?.text ?? '').map((choice) => (choice === initial ? `**${code(choice)}**` : code(choice)));
        return [code(name), choices.join(', ') || (type?.text === 'boolean' ? 'there or not' : 'text'), description];
      }),
    ),
  properties: ({ members }) =>
    table(
      ['property', 'type', ''],
      members.flatMap((one) =>
        one.kind === 'field' && !('attribute' in one) ? [[code(one.name), code(one.type?.text), one.description]] : [],
      ),
    ),
  methods: ({ members }) =>
    table(
      ['method', ''],
      members.flatMap((one) => {
        if (one.kind !== 'method') return [];
        const parameters = (one.parameters ?? []).map(({ name, type }) => `${name}: ${type?.text}`).join(', ');
        return [[code(`${one.name}(${parameters}): ${one.return?.type?.text}`), one.description]];
      }),
    ),
  events: ({ events }) =>
    table(
      ['event', '`detail`', ''],
      events.map(({ name, type, description }) => [code(name), code(/^CustomEvent<(.*)>$/.exec(type.text)?.[1]), description]),
    ),
  slots: ({ slots }) =>
    table(
      ['slot', ''],
      slots.map(({ name, description }) => [code(name), description]),
    ),
  parts: ({ cssParts }) =>
    table(
      ['part', ''],
      cssParts.map(({ name, description }) => [code(name), description]),
    ),
  'custom-properties': ({ cssProperties }) =>
    Object.entries(CUSTOM_PROPERTIES)
      .map(([group, properties]) => {
        const rows = cssProperties.filter(({ name }) => name in properties);
        return table(
          [group, 'default', ''],
          rows.map(({ name, default: initial, description }) => [
            code(name),
            properties[name]?.initial ?? code(initial),
            description,
          ]),
        );
      })
      .join('\n\n'),
  languages: () => {
    const names = readdirSync(join(ROOT, 'widget/src/locales')).filter((name) => extname(name) === '.ts');
    return ['en', ...names.map((name) => name.replace('.ts', ''))].sort().map(code).join(', ');
  },
  sizes: () => {
    /** @type {Record<string, { budget: number }>} */
    const sizes = JSON.parse(readText('test/size.json'));
    const rows = Object.entries(sizes).filter(([files]) => files.startsWith('widget/'));
    return table(
      ['files', 'at most, compressed'],
      rows.map(([files, { budget }]) => [
        files.replaceAll('widget/dist/', '').split(' + ').map(code).join(' and '),
        `${budget / 1024} KB`,
      ]),
    );
  },
};

/** The text with what is made in its places. @param {string} text @param {DescribedElement} element */
export function readmeOf(text, element) {
  return text.replace(MADE, (_, name) => {
    const made = SECTIONS[name]?.(element) ?? example(name);
    return `<!-- made: ${name} -->\n${made}\n<!-- /made -->`;
  });
}

/** @param {string} path */
function example(path) {
  return `\`\`\`${extname(path).slice(1)}\n${readText(path).trim()}\n\`\`\``;
}

/** @param {readonly string[]} head @param {readonly (readonly (string | undefined)[])[]} rows */
function table(head, rows) {
  const lines = [head, head.map(() => '---'), ...rows].map(
    (cells) => `| ${cells.map((cell) => (cell ?? '').replaceAll('|', '\\|')).join(' | ')} |`,
  );
  return lines.join('\n');
}

/** @param {string | undefined} text */
function code(text) {
  return text === undefined || text === '' ? '' : `\`${text}\``;
}
