// What a source file imports and which tests it names, read from its syntax and not from its text: a comment is neither.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from './tool.js';

/** One import of a module, or one use of a global: `global:process.env`. @typedef {{ name: string, line: number, typeOnly: boolean }} Import */

/** Globals whose use says as much about a file as an import does. */
const WATCHED_GLOBALS = new Set(['process']);
/** What loads the module that it is called with. */
const LOADERS = /^(import|require|createRequire\(.*\))$/;
const TEST_FUNCTIONS = new Set(['describe', 'it', 'test']);

/** @param {string} path from the workspace @returns {import('typescript').SourceFile} */
export function parse(path) {
  return parseText(path, readFileSync(join(ROOT, path), 'utf8'));
}

/** @param {string} path @param {string} text */
export function parseText(path, text) {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

/** @param {import('typescript').SourceFile} file @returns {Import[]} */
export function importsOf(file) {
  return nodesOf(file).flatMap((node) => {
    const found = importAt(node);
    if (found === undefined) return [];
    return [{ ...found, line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1 }];
  });
}

/** The titles given to `describe`, `it` and `test`, also by way of `.each` and its like. @param {import('typescript').SourceFile} file */
export function testTitlesOf(file) {
  return nodesOf(file).flatMap((node) => {
    if (!ts.isCallExpression(node) || !TEST_FUNCTIONS.has(leftmostName(node.expression))) return [];
    const [title] = node.arguments;
    return title !== undefined && (ts.isStringLiteralLike(title) || ts.isTemplateExpression(title)) ? [title.getText()] : [];
  });
}

/** @param {import('typescript').Node} node @returns {{ name: string, typeOnly: boolean } | undefined} */
function importAt(node) {
  if (ts.isImportDeclaration(node)) return named(node.moduleSpecifier, node.importClause?.isTypeOnly === true);
  if (ts.isExportDeclaration(node)) return named(node.moduleSpecifier, node.isTypeOnly);
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? named(node.argument.literal, true) : undefined;
  if (ts.isCallExpression(node)) {
    return LOADERS.test(node.expression.getText()) ? named(node.arguments[0], false) : undefined;
  }
  return usesWatchedGlobal(node) ? { name: `global:${node.expression.getText()}.${node.name.text}`, typeOnly: false } : undefined;
}

/** @param {import('typescript').Node | undefined} specifier @param {boolean} typeOnly */
function named(specifier, typeOnly) {
  return specifier !== undefined && ts.isStringLiteralLike(specifier) ? { name: specifier.text, typeOnly } : undefined;
}

/** @param {import('typescript').Node} node @returns {node is import('typescript').PropertyAccessExpression} */
function usesWatchedGlobal(node) {
  return ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression) && WATCHED_GLOBALS.has(node.expression.text);
}

/** `test` of `test.each([…])`: what a chain of calls and members starts with. @param {import('typescript').Expression} expression @returns {string} */
function leftmostName(expression) {
  if (ts.isIdentifier(expression)) return expression.text;
  if (ts.isCallExpression(expression) || ts.isPropertyAccessExpression(expression)) return leftmostName(expression.expression);
  return ts.isTaggedTemplateExpression(expression) ? leftmostName(expression.tag) : '';
}

/** A node and all below it. @param {import('typescript').Node} node @returns {import('typescript').Node[]} */
export function nodesOf(node) {
  /** @type {import('typescript').Node[]} */
  const nodes = [node];
  ts.forEachChild(node, (child) => {
    nodes.push(...nodesOf(child));
  });
  return nodes;
}
