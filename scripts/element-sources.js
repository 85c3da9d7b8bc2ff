// What the sources of <chat-room> say of its surface: members, attributes and events by their syntax; slots, parts and custom
// properties by what stands in templates and styles.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { sourceFiles } from './source-files.js';
import { nodesOf, parse } from './syntax.js';
import { ROOT } from './tool.js';

const SOURCES = 'widget/src';
const NOT_SHOWN = /^widget\/src\/(frameworks|locales)\//;
const ELEMENT = `${SOURCES}/chat-room.ts`;
const EVENTS = `${SOURCES}/events.ts`;

/** @typedef {{ readonly name: string, readonly type: string, readonly description: string }} Described */
/** @typedef {Described & { readonly readonly: boolean }} Field */
/** @typedef {Described & { readonly parameters: readonly { readonly name: string, readonly type: string }[] }} Method `type` is what it returns */
/** @typedef {{ readonly name: string, readonly field: string, readonly initial: string | undefined }} Attribute */

/**
 * Members with a sentence above them are public; the others are between the element and its chat, or the browser's.
 * @returns {{ fields: Field[], methods: Method[] }}
 */
export function readMembers() {
  const { members } = classOf(parse(ELEMENT));
  const described = members
    .filter(({ name }) => name !== undefined && !ts.isPrivateIdentifier(name))
    .filter((member) => describe(member) !== '');
  const aliases = readAliases();
  return {
    fields: described.flatMap((member) => {
      if (!ts.isPropertyDeclaration(member) && !ts.isGetAccessor(member)) return [];
      const { name, description } = named(member);
      const type = member.type?.getText() ?? '';
      const hasSetter = members.some((other) => ts.isSetAccessor(other) && other.name.getText() === name);
      const isFixed = ts.isGetAccessor(member) && !hasSetter;
      return [{ name, description, type: aliases.get(type) ?? type, readonly: isFixed }];
    }),
    methods: described.flatMap((member) => {
      if (!ts.isMethodDeclaration(member)) return [];
      const parameters = member.parameters.map((one) => ({ name: one.name.getText(), type: one.type?.getText() ?? '' }));
      return [{ ...named(member), type: member.type?.getText() ?? '', parameters }];
    }),
  };
}

/** Attributes with the property each belongs to. What the class observes or reads counts, be it in its table or not. @returns {Attribute[]} */
export function readAttributes() {
  const file = parse(ELEMENT);
  const table = arrayOf(variableOf(file, 'PROPERTIES')).flatMap((row) => {
    const [field, name, initial] = arrayOf(row).map(textOf);
    return field === undefined || name === undefined ? [] : [{ name, field, initial: initial || undefined }];
  });
  const observed = classOf(file).members.find((member) => member.name?.getText() === 'observedAttributes');
  if (observed === undefined || !ts.isPropertyDeclaration(observed)) throw new Error(`${ELEMENT} observes no attributes.`);
  const further = arrayOf(observed.initializer)
    .map((name) => textOf(name) ?? '')
    .filter((name) => !table.some((row) => row.name === name))
    .map((name) => ({ name, field: name, initial: undefined }));
  return [...table, ...further];
}

/** What the element is, in the first paragraph above its class. */
export function readClassDescription() {
  const [comment] = ts.getJSDocCommentsAndTags(classOf(parse(ELEMENT)));
  return (
    (ts.getTextOfJSDocComment(comment?.comment) ?? '')
      .split(/\n\s*\n/)[0]
      ?.replace(/\s+/g, ' ')
      .trim() ?? ''
  );
}

/** @returns {Described[]} */
export function readEvents() {
  const events = parse(EVENTS).statements.find((one) => ts.isInterfaceDeclaration(one) && one.name.text === 'ChatRoomEvents');
  if (events === undefined || !ts.isInterfaceDeclaration(events)) throw new Error(`${EVENTS} has no ChatRoomEvents.`);
  return events.members.filter(ts.isPropertySignature).map((event) => ({
    name: textOf(event.name) ?? '',
    type: event.type?.getText() ?? '',
    description: describe(event),
  }));
}

/** Names of the slots; the default one is ''. */
export function readSlots() {
  return unique(templates().flatMap((text) => [...text.matchAll(/<slot(?:\s+name="([^"]*)")?/g)].map(([, name = '']) => name)));
}

/** Names that stand in a `part`, be it in a template or as a property named `part`. */
export function readParts() {
  const inTemplates = templates().flatMap((text) =>
    [...text.matchAll(/\spart=("[^"]*"|\$\{[^}]*\})/g)].map(([, value = '']) => value),
  );
  const asProperties = nodes().flatMap((node) => {
    return ts.isPropertyAssignment(node) && node.name.getText() === 'part' ? [node.initializer.getText()] : [];
  });
  return unique([...inTemplates, ...asProperties].flatMap(namesIn));
}

/** Custom properties that styles read, each with what holds where a page sets none. @returns {Map<string, string[]>} */
export function readCustomProperties() {
  const text = templates().join('\n');
  const aliases = new Map(
    [...text.matchAll(/(--_[\w-]+):\s*var\(\s*(--chat-room-[\w-]+)/g)].map(([, own = '', name = '']) => [own, name]),
  );
  /** @type {Map<string, string[]>} */
  const found = new Map();
  for (const { index, 1: name = '' } of text.matchAll(/var\(\s*(--chat-room-[\w-]+)/g)) {
    const inside = insideBrackets(text, index + 'var'.length);
    const initial = inside.includes(',') ? inside.slice(inside.indexOf(',') + 1) : '';
    const readable = initial
      .trim()
      .replace(/\s+/g, ' ')
      .replace(/--_[\w-]+/g, (own) => aliases.get(own) ?? own);
    found.set(name, unique([...(found.get(name) ?? []), readable]));
  }
  return found;
}

/** The text from an opening bracket to the one that closes it, without both. @param {string} text @param {number} start */
function insideBrackets(text, start) {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    if (text[i] === '(') depth++;
    else if (text[i] === ')' && --depth === 0) return text.slice(start + 1, i);
  }
  throw new Error(`A bracket is not closed: ${text.slice(start, start + 40)}`);
}

/** Words of an attribute's value; of an expression in it, those it may become. @param {string} value */
function namesIn(value) {
  const literals = value.replace(/\$\{([^}]*)\}/g, (_, code) =>
    [...code.matchAll(/'([^']*)'/g)].map(([, text]) => text).join(' '),
  );
  return literals.replace(/["'`]/g, ' ').split(/\s+/).filter(Boolean);
}

/** @returns {import('typescript').Node[]} */
function nodes() {
  return sourceFiles(SOURCES)
    .filter((path) => path.endsWith('.ts') && !NOT_SHOWN.test(path))
    .flatMap((path) => nodesOf(parse(path)));
}

/** Texts of all templates, of markup as of styles. One within another is part of the outer one. */
function templates() {
  return nodes().flatMap((node) => (ts.isTemplateLiteral(node) && !isWithinTemplate(node.parent) ? [node.getText()] : []));
}

/** @param {import('typescript').Node} node @returns {boolean} */
function isWithinTemplate(node) {
  return ts.isTemplateLiteral(node) || (!ts.isSourceFile(node) && isWithinTemplate(node.parent));
}

/** Types that are a choice of texts, by name. @returns {Map<string, string>} */
function readAliases() {
  const choices = nodes()
    .filter(ts.isTypeAliasDeclaration)
    .filter(({ type }) => ts.isUnionTypeNode(type) && type.types.every(ts.isLiteralTypeNode));
  return new Map(choices.map((alias) => [alias.name.text, alias.type.getText()]));
}

/** @param {import('typescript').SourceFile} file */
function classOf(file) {
  const found = file.statements.find(ts.isClassDeclaration);
  if (found === undefined) throw new Error(`${file.fileName} has no class.`);
  return found;
}

/** @param {import('typescript').SourceFile} file @param {string} name */
function variableOf(file, name) {
  const declarations = file.statements
    .filter(ts.isVariableStatement)
    .flatMap((statement) => [...statement.declarationList.declarations]);
  return declarations.find((one) => one.name.getText() === name)?.initializer;
}

/** Elements of an array, also of one that is `as const`. @param {import('typescript').Expression | undefined} node */
function arrayOf(node) {
  const array = node !== undefined && ts.isAsExpression(node) ? node.expression : node;
  return array !== undefined && ts.isArrayLiteralExpression(array) ? [...array.elements] : [];
}

/** @param {import('typescript').Node} node */
function textOf(node) {
  return ts.isStringLiteralLike(node) ? node.text : undefined;
}

/** @param {import('typescript').ClassElement} member */
function named(member) {
  return { name: member.name?.getText() ?? '', description: describe(member) };
}

/** The comment above it, on one line. @param {import('typescript').Node} node */
function describe(node) {
  return ts
    .getJSDocCommentsAndTags(node)
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '')
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** @param {readonly string[]} names */
function unique(names) {
  return [...new Set(names)];
}

/** Texts that a type is a choice of; none where it is none. @param {string} type */
export function choicesOf(type) {
  return [...type.matchAll(/'([^']*)'/g)].map(([, text = '']) => text);
}

/** What else the repository says in a file. @param {string} path */
export function readText(path) {
  return readFileSync(join(ROOT, path), 'utf8');
}
