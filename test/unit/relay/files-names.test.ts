import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isFileId, newFileId, timeOfFileId } from '../../../relay/src/files/file-id.ts';
import { contentDisposition, filePath, parseFilePath, safeFileName } from '../../../relay/src/files/file-name.ts';

describe('names of files', () => {
  test.each([
    ['holiday.jpg', 'holiday.jpg'],
    ['C:\\Users\\ada\\holiday.jpg', 'holiday.jpg'],
    ['../../etc/passwd', 'passwd'],
    ['.htaccess', 'htaccess'],
    ['con.', 'con'],
    ['  a \t\n b  ', 'a b'],
    ['photo\u202Egnp.exe', 'photognp.exe'],
    ['a\u200bb\u2066c\ufeff', 'abc'],
    ['a:b*c?d"e<f>g|h', 'a_b_c_d_e_f_g_h'],
    ['e\u0301.txt', 'é.txt'],
    ['資料 2026.pdf', '資料 2026.pdf'],
    ['👩‍💻.png', '👩💻.png'],
    ['...', 'file'],
    ['', 'file'],
    ['/', 'file'],
  ])('[UPL4] %j is kept as %j', (name, safe) => expect(safeFileName(name)).toBe(safe));

  test('[UPL4] a long one is cut between characters, and keeps its extension', () => {
    const name = safeFileName(`${'写'.repeat(255)}.pdf`);
    expect(name).toBe(`${'写'.repeat(52)}.pdf`);
    expect(Buffer.byteLength(name)).toBe(160);
  });

  test('[UPL4] whatever comes is safe to show, to send and to store, and stays as it is the second time', () => {
    const anything = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string());
    fc.assert(
      fc.property(anything, (name) => {
        const safe = safeFileName(name);
        expect(safe).not.toMatch(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069/\\"]|^\.|\.$/u);
        expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(160);
        expect(safeFileName(safe)).toBe(safe);
        expect(parseFilePath(filePath('id', safe))).toEqual({ id: 'id', name: safe });
        expect(contentDisposition('attachment', safe)).toMatch(
          /^attachment; filename="[\x20-\x7e]+"; filename\*=UTF-8''[\w.!~%-]+$/,
        );
      }),
    );
  });

  test.each(['/files/', '/files/id', '/files/id/', '/files/id/a/b', '/files/id/%', '/files/id/%ff', '/files//a', '/file/id/a'])(
    '%s is no path of a file',
    (path) => expect(parseFilePath(path)).toBeUndefined(),
  );
});

describe('ids of files', () => {
  test('[UPL4] are unlike each other, in the order of their times', () => {
    const times = [1, 1_790_000_000_000, 1_790_000_000_001, 1_890_000_000_000];
    const ids = times.map(newFileId);
    expect(ids.toSorted()).toEqual(ids);
    expect(ids.map(timeOfFileId)).toEqual(times);
    expect(ids.every(isFileId)).toBe(true);
    expect(newFileId(5)).not.toBe(newFileId(5));
    expect(ids[0]?.slice(9)).toHaveLength(24); // of six bits each: 144
  });

  test.each(['', 'a', '../../relay.lock', `${'a'.repeat(34)}`, `${'a'.repeat(32)}/`])('%j is none', (text) =>
    expect(isFileId(text)).toBe(false),
  );
});
