// Writes what describes <chat-room> to tools and to people: widget/custom-elements.json, widget/vscode.html-custom-data.json
// and what stands between the markers of widget/README.md. To be run after a change of the element: node scripts/make-manifest.js
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ATTRIBUTES, CUSTOM_PROPERTIES, PARTS, SLOTS } from './element-descriptions.js';
import { readmeOf } from './element-readme.js';
import {
  choicesOf,
  readAttributes,
  readClassDescription,
  readCustomProperties,
  readEvents,
  readMembers,
  readParts,
  readSlots,
  readText,
} from './element-sources.js';
import { isMain, ROOT } from './tool.js';

/** @typedef {import('custom-elements-manifest').Package} Manifest */
/** @typedef {import('custom-elements-manifest').CustomElementDeclaration} Element */
/** @typedef {Required<Pick<Element, 'attributes' | 'members' | 'events' | 'slots' | 'cssParts' | 'cssProperties'>> & Element} DescribedElement */

const NAME = 'ChatRoom';
const TAG = 'chat-room';
const MODULE = 'dist/chat-room.js';

/** The element, as its sources and the descriptions have it. Throws one sentence per thing that one has and the other has not. */
function describeElement() {
  const { fields, methods } = readMembers();
  const attributes = readAttributes();
  const customProperties = readCustomProperties();
  const described = Object.assign({}, ...Object.values(CUSTOM_PROPERTIES));
  requireSame('slot', readSlots(), Object.keys(SLOTS));
  requireSame('part', readParts(), Object.keys(PARTS));
  requireSame('custom property', [...customProperties.keys()], Object.keys(described));

  /** @type {DescribedElement} */
  const element = {
    kind: 'class',
    name: NAME,
    tagName: TAG,
    customElement: true,
    description: readClassDescription(),
    superclass: { name: 'HTMLElement', package: 'global:' },
    attributes: attributes.map(({ name, field, initial }) => {
      const property = fields.find((one) => one.name === field);
      const description = property?.description ?? ATTRIBUTES[name];
      if (description === undefined)
        throw new Error(`The attribute ${name} is not described in scripts/element-descriptions.js.`);
      return {
        name,
        description,
        type: { text: property?.type ?? 'string' },
        ...(initial && { default: initial }),
        fieldName: field,
      };
    }),
    members: [
      ...fields.map(({ name, description, type, readonly }) => {
        const attribute = attributes.find(({ field }) => field === name);
        return {
          kind: /** @type {const} */ ('field'),
          name,
          description,
          type: { text: type },
          ...(attribute?.initial && { default: `'${attribute.initial}'` }),
          ...(attribute && { attribute: attribute.name, reflects: true }),
          ...(readonly && { readonly }),
        };
      }),
      ...methods.map(({ name, description, type, parameters }) => ({
        kind: /** @type {const} */ ('method'),
        name,
        description,
        parameters: parameters.map((one) => ({ name: one.name, type: { text: one.type } })),
        return: { type: { text: type } },
      })),
    ],
    events: readEvents().map(({ name, type, description }) => ({ name, description, type: { text: type } })),
    slots: Object.entries(SLOTS).map(([name, description]) => ({ name, description })),
    cssParts: Object.entries(PARTS).map(([name, description]) => ({ name, description })),
    cssProperties: Object.entries(described).map(([name, { syntax, description, initial }]) => ({
      name,
      description,
      syntax,
      default: initial?.replaceAll('`', '') ?? customProperties.get(name)?.join(' or ') ?? '',
    })),
  };
  return element;
}

/** All files that are made, by path from the workspace. @returns {Record<string, string>} */
export function makeManifest() {
  const element = describeElement();
  return {
    'widget/custom-elements.json': json(manifestOf(element)),
    'widget/vscode.html-custom-data.json': json(editorDataOf(element)),
    'widget/README.md': readmeOf(readText('widget/README.md'), element),
  };
}

/** @param {Element} element @returns {Manifest} */
function manifestOf(element) {
  const declaration = { name: NAME, module: MODULE };
  const js = { kind: /** @type {const} */ ('js'), name: NAME, declaration };
  const definition = { kind: /** @type {const} */ ('custom-element-definition'), name: TAG, declaration };
  return {
    schemaVersion: '2.1.0',
    readme: 'README.md',
    modules: [
      { kind: 'javascript-module', path: MODULE, declarations: [element], exports: [js] },
      { kind: 'javascript-module', path: 'dist/index.js', exports: [js] },
      { kind: 'javascript-module', path: 'dist/define.js', exports: [definition, js] },
    ],
  };
}

/** What the HTML editor of VS Code completes. @param {DescribedElement} element */
function editorDataOf({ description, attributes }) {
  return {
    version: 1.1,
    tags: [
      {
        name: TAG,
        description,
        attributes: attributes.map((attribute) => {
          const values = choicesOf(attribute.type?.text ?? '').map((name) => ({ name }));
          const isFlag = attribute.type?.text === 'boolean';
          return {
            name: attribute.name,
            description: attribute.description,
            ...(isFlag && { valueSet: 'v' }),
            ...(values.length > 0 && { values }),
          };
        }),
      },
    ],
  };
}

/** @param {string} kind @param {readonly string[]} used @param {readonly string[]} described */
function requireSame(kind, used, described) {
  const missing = used.filter((name) => !described.includes(name)).map((name) => `The ${kind} "${name}" is not described.`);
  const gone = described
    .filter((name) => !used.includes(name))
    .map((name) => `The ${kind} "${name}" is described, and not there.`);
  const faults = [...missing, ...gone];
  if (faults.length > 0) throw new Error(`${faults.join('\n')}\nThe descriptions are in scripts/element-descriptions.js.`);
}

/** @param {unknown} value */
function json(value) {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

if (isMain(import.meta.url)) {
  for (const [path, text] of Object.entries(makeManifest())) writeFileSync(join(ROOT, path), text);
}
