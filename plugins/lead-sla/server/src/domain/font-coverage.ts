/** Whether a font has a glyph for a code point. */
export type Coverage = (codePoint: number) => boolean;

const NONE: Coverage = () => false;

/** Offset of a table of an OpenType file, or null. */
function tableAt(font: DataView, tag: string): number | null {
  const count = font.getUint16(4);
  for (let index = 0; index < count; index += 1) {
    const record = 12 + index * 16;
    const name = String.fromCharCode(...[0, 1, 2, 3].map((byte) => font.getUint8(record + byte)));
    if (name === tag) return font.getUint32(record + 8);
  }
  return null;
}

/** Format 12: ranges over all of Unicode. */
const inGroups =
  (font: DataView, at: number): Coverage =>
  (point) => {
    let [low, high] = [0, font.getUint32(at + 12) - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const group = at + 16 + middle * 12;
      if (point < font.getUint32(group)) high = middle - 1;
      else if (point > font.getUint32(group + 4)) low = middle + 1;
      else return font.getUint32(group + 8) + point - font.getUint32(group) !== 0;
    }
    return false;
  };

/** Format 4: segments of the first plane. */
const inSegments =
  (font: DataView, at: number): Coverage =>
  (point) => {
    const size = font.getUint16(at + 6);
    for (let offset = 0; offset < size; offset += 2) {
      if (point > font.getUint16(at + 14 + offset)) continue;
      const first = font.getUint16(at + 16 + size + offset);
      if (point < first) return false;
      const rangeAt = at + 16 + 3 * size + offset;
      const range = font.getUint16(rangeAt);
      const delta = font.getUint16(at + 16 + 2 * size + offset);
      if (range === 0) return ((point + delta) & 0xffff) !== 0;
      return font.getUint16(rangeAt + range + 2 * (point - first)) !== 0;
    }
    return false;
  };

/**
 * The characters an OpenType or TrueType file has, by its `cmap` (formats 4 and 12, which every font of today carries). A file that is no such
 * font has none.
 */
export function coverageOf(file: Uint8Array): Coverage {
  const font = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const cmap = file.byteLength > 12 ? tableAt(font, 'cmap') : null;
  if (cmap === null) return NONE;
  const count = font.getUint16(cmap + 2);
  const subtables = Array.from({ length: count }, (_, index) => cmap + font.getUint32(cmap + 4 + index * 8 + 4));
  const full = subtables.find((at) => font.getUint16(at) === 12);
  if (full !== undefined) return inGroups(font, full);
  const plane = subtables.find((at) => font.getUint16(at) === 4);
  return plane === undefined ? NONE : inSegments(font, plane);
}

/** Characters of a text that its fonts cannot show, each once, in order; `coverage` chooses the font of a character. */
export function missingIn(text: string, coverage: (character: string) => Coverage): readonly string[] {
  const missing = new Set<string>();
  for (const character of text) {
    if (/\s/.test(character)) continue;
    if (!coverage(character)(character.codePointAt(0)!)) missing.add(character);
  }
  return [...missing];
}
