// The API reference: every public name with its declaration, as the compiler wrote it for editors, comments and all.
import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from '../tool.js';

/** What is imported, and the declarations that were built of it. @type {Readonly<Record<string, string>>} */
const ENTRIES = {
  '@chat-room/sdk': 'sdk/dist/index.d.ts',
  '@chat-room/sdk/upload': 'sdk/dist/upload/index.d.ts',
  '@chat-room/sdk/outbox-storage': 'sdk/dist/outbox-storage.d.ts',
  '@chat-room/sdk/moderation': 'sdk/dist/moderation.d.ts',
};

/** The reference as one page of Markdown, of the packages as they are built. */
export function apiMarkdown() {
  const files = Object.values(ENTRIES).map((path) => join(ROOT, path));
  const program = ts.createProgram(files, { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext });
  const checker = program.getTypeChecker();
  const parts = Object.entries(ENTRIES).map(([name, path]) => {
    const source = program.getSourceFile(join(ROOT, path));
    const module = source && checker.getSymbolAtLocation(source);
    if (!module) throw new Error(`The API reference needs ${path}, which is not built.`);
    const symbols = checker.getExportsOfModule(module).map((symbol) => resolved(checker, symbol));
    const sorted = symbols.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
    return `## ${name}\n\n${sorted.map((symbol) => entryOf(checker, symbol)).join('\n\n')}`;
  });
  return `# API reference\n\nEvery public name of the SDK, with its declaration as an editor shows it.\n\n${parts.join('\n\n')}\n`;
}

/** @param {ts.TypeChecker} checker @param {ts.Symbol} symbol */
function resolved(checker, symbol) {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** What runs comes before what it is described with. @param {ts.Symbol} symbol */
function rank({ flags }) {
  if (flags & ts.SymbolFlags.Class) return 0;
  return flags & ts.SymbolFlags.Function ? 1 : 2;
}

/** @param {ts.TypeChecker} checker @param {ts.Symbol} symbol */
function entryOf(checker, symbol) {
  const prose = ts.displayPartsToString(symbol.getDocumentationComment(checker));
  const code = (symbol.declarations ?? []).map(textOf).join('\n');
  return `### ${symbol.name}\n\n${asMarkdown(prose)}\n\n\`\`\`ts\n${code}\n\`\`\``;
}

/** A table in a comment is one of backticked terms and what they mean, a line each. @param {string} prose */
function asMarkdown(prose) {
  return prose.replaceAll(/^(`[^`]+`) {2,}(.*)$/gm, '- $1: $2');
}

/** @param {ts.Declaration} declaration */
function textOf(declaration) {
  return declaration
    .getText()
    .replaceAll(/^(export |declare )+/gm, '')
    .replaceAll(/^\s*(#private;|private .*;)\n/gm, '');
}
