// Bytes of a file to lines, whatever pieces they were read in.
import { StringDecoder } from 'node:string_decoder';

/** In UTF-16 code units. Of a longer line the rest is left out. */
export const MAX_LINE_CHARS = 4_096;

export class LineSplitter {
  #decoder = new StringDecoder('utf8');
  #partial = '';

  /** The lines that `bytes` end. What follows the last line end waits for more. */
  push(bytes: Uint8Array): readonly string[] {
    const pieces = this.#decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).split('\n');
    const rest = pieces.pop() ?? '';
    if (pieces.length === 0) {
      this.#keep(rest);
      return [];
    }
    this.#keep(pieces[0] ?? '');
    const lines = [ended(this.#partial), ...pieces.slice(1).map(ended)];
    this.#partial = '';
    this.#keep(rest);
    return lines;
  }

  /** The last line, where no line end came: nothing follows any more. */
  end(): readonly string[] {
    const last = this.#partial + this.#decoder.end();
    this.#partial = '';
    this.#decoder = new StringDecoder('utf8');
    return last === '' ? [] : [ended(last)];
  }

  /** Two more than are shown: so that the end of a line that is too long, and a carriage return, are seen. */
  #keep(text: string): void {
    this.#partial = (this.#partial + text).slice(0, MAX_LINE_CHARS + 2);
  }
}

function ended(line: string): string {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  return text.length > MAX_LINE_CHARS ? `${text.slice(0, MAX_LINE_CHARS)}…` : text;
}
