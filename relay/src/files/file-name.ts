// Names of files come from strangers and end up in a URL, in a header and on somebody's disk.

const MAX_NAME_BYTES = 160;
const MAX_EXTENSION_BYTES = 16;
const FALLBACK = 'file';

// Control characters, line separators, marks that reorder text, and those that can't be seen: each of them makes a name
// look like another, or breaks out of where it stands.
const UNSAFE = /[\p{Cc}\p{Cs}\p{Co}\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;
// What some system takes for part of a path, a device or a wildcard.
const RESERVED = /["*/:<>?\\|]/g;

/** The nearest name that is safe to show, to send and to store under. Never empty. */
export function safeFileName(name: string): string {
  const last = name.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const cleaned = trimmed(last.replace(UNSAFE, '').replace(RESERVED, '_').replace(/\s+/g, ' '));
  return trimmed(shortened(cleaned)) || FALLBACK;
}

/** The path that a file is under. */
export function filePath(id: string, name: string): string {
  return `/files/${id}/${encodeURIComponent(name)}`;
}

/** The id and the name in the path of a file; undefined where it is none. */
export function parseFilePath(path: string): { readonly id: string; readonly name: string } | undefined {
  const [, id = '', encoded = ''] = /^\/files\/([\w-]+)\/([^/]+)$/.exec(path) ?? [];
  try {
    return id === '' ? undefined : { id, name: decodeURIComponent(encoded) };
  } catch {
    return undefined;
  }
}

/** What a browser is told to do with a file: the plain name for old ones, the true one beside it (RFC 6266). */
export function contentDisposition(kind: 'inline' | 'attachment', name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

/** Neither white space nor dots at the ends: a name of dots is a directory, a dot at its end is lost on some systems. */
function trimmed(name: string): string {
  return name.replace(/^[\s.]+|[\s.]+$/g, '');
}

/** Cut between characters, before the extension. */
function shortened(name: string): string {
  if (Buffer.byteLength(name) <= MAX_NAME_BYTES) return name;
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 && Buffer.byteLength(name.slice(dot)) <= MAX_EXTENSION_BYTES ? name.slice(dot) : '';
  let left = MAX_NAME_BYTES - Buffer.byteLength(extension);
  let stem = '';
  for (const char of name) {
    left -= Buffer.byteLength(char);
    if (left < 0) break;
    stem += char;
  }
  return stem + extension;
}
