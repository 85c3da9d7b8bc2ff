// The one folder whose files may be read. Names come from outside: whatever they say, what is opened lies in the folder.
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { ListedFile } from '../wire.ts';

const MAX_FILES = 200;

/** A name that is none of a file of the folder. */
export class NotInFolderError extends Error {
  readonly code = 'not_in_folder';

  constructor() {
    super('Only files of the folder that is listed can be followed.');
  }
}

export class LogFolder {
  readonly #pathOf: () => string;

  /** `pathOf` is asked each time: a folder may come to be later. */
  constructor(pathOf: () => string) {
    this.#pathOf = pathOf;
  }

  /** By name, the first 200: those that `path` would find. */
  async list(): Promise<readonly ListedFile[]> {
    const names = (await readdir(this.#pathOf())).filter(isName).toSorted().slice(0, MAX_FILES);
    const files = await Promise.all(
      names.map(async (name): Promise<readonly ListedFile[]> => {
        try {
          return [{ name, bytes: (await stat(await this.#real(name))).size }];
        } catch {
          return []; // gone meanwhile, a folder, or a link that leads out
        }
      }),
    );
    return files.flat();
  }

  /**
   * The file of that name, to read. Rejects with a NotInFolderError for a name that is no file of the folder, with the
   * system's error where there is none just now.
   */
  async open(name: string): Promise<FileHandle> {
    // Where the name became a link, or a pipe, since it was looked at, the first does not open and the second does not block.
    const handle = await open(await this.#real(name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
    throw new NotInFolderError();
  }

  /** The number that stays with a file when it is renamed. Undefined where there is none of that name. */
  async inode(name: string): Promise<number | undefined> {
    try {
      return (await stat(await this.#real(name))).ino;
    } catch {
      return undefined;
    }
  }

  async #real(name: string): Promise<string> {
    if (!isName(name)) throw new NotInFolderError();
    const [folder, file] = await Promise.all([realpath(this.#pathOf()), realpath(join(this.#pathOf(), name))]);
    if (!file.startsWith(folder.endsWith(sep) ? folder : folder + sep) || !(await stat(file)).isFile())
      throw new NotInFolderError();
    return file;
  }
}

/** One part of a path, and no hidden one. */
function isName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no name of a log has one, and NUL ends a path early
  return name !== '' && !name.startsWith('.') && Buffer.byteLength(name) <= 255 && !/[/\\\x00-\x1f\x7f]/.test(name);
}
