import { analyse } from 'chardet';
import iconv from 'iconv-lite';

export interface EncodingGuess {
  /** A name iconv-lite knows: `utf-8`, `utf-16le`, `utf-16be`, `gb18030`, `big5`, `windows-1252` … */
  readonly encoding: string;
  /** 0 … 1. */
  readonly confidence: number;
}

const guess = (encoding: string, confidence: number): EncodingGuess => ({ encoding, confidence });

function byMark(bytes: Buffer): EncodingGuess | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return guess('utf-8', 1);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return guess('utf-16le', 1);
  return bytes[0] === 0xfe && bytes[1] === 0xff ? guess('utf-16be', 1) : null;
}

/** UTF-16 without a mark: the commas, digits and line ends of a table leave zero bytes on one side. */
function byZeros(bytes: Buffer): EncodingGuess | null {
  const zeros = [0, 0];
  const length = Math.min(bytes.length, 8192);
  for (let at = 0; at < length; at += 1) if (bytes[at] === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (even + odd < length / 50 || length < 4) return null;
  return odd > even ? guess('utf-16le', 0.9) : guess('utf-16be', 0.9);
}

/** True when the bytes are UTF-8, forgiving a character cut by the end of the sample. */
function isUtf8(bytes: Buffer): boolean {
  for (let cut = 0; cut <= 3; cut += 1) {
    const end = bytes.length - cut;
    if (cut > 0 && (end < 0 || (bytes[end] ?? 0) < 0x80)) return false;
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, end));
      return true;
    } catch {
      continue;
    }
  }
  return false;
}

interface PairCount {
  /** Every high byte starts a pair the encoding allows. */
  readonly valid: boolean;
  readonly pairs: number;
  /** Pairs that are common characters of the encoding. */
  readonly common: number;
}

/** Counts double-byte characters; four-byte GB18030 sequences are stepped over. */
function countPairs(
  bytes: Buffer,
  allowed: (lead: number, trail: number) => boolean,
  common: (lead: number, trail: number) => boolean,
): PairCount {
  let pairs = 0;
  let often = 0;
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at] ?? 0;
    const trail = bytes[at + 1];
    if (lead < 0x80) at += 1;
    else if (trail === undefined) break;
    else if (trail >= 0x30 && trail <= 0x39 && (bytes[at + 2] ?? 0) >= 0x81 && (bytes[at + 3] ?? 0) >= 0x30 && (bytes[at + 3] ?? 0) <= 0x39)
      at += 4;
    else if (!allowed(lead, trail)) return { valid: false, pairs, common: often };
    else {
      pairs += 1;
      if (common(lead, trail)) often += 1;
      at += 2;
    }
  }
  return { valid: true, pairs, common: often };
}

const gbk = (bytes: Buffer): PairCount =>
  countPairs(
    bytes,
    (lead, trail) => lead >= 0x81 && lead <= 0xfe && trail >= 0x40 && trail !== 0x7f && trail <= 0xfe,
    (lead, trail) => trail >= 0xa1 && ((lead >= 0xb0 && lead <= 0xd7) || lead === 0xa1 || lead === 0xa3),
  );
const big5 = (bytes: Buffer): PairCount =>
  countPairs(
    bytes,
    (lead, trail) => lead >= 0xa1 && lead <= 0xf9 && ((trail >= 0x40 && trail <= 0x7e) || (trail >= 0xa1 && trail <= 0xfe)),
    (lead, trail) => (lead >= 0xa4 && lead <= 0xc6) || (lead === 0xa1 && trail < 0xd0),
  );

/** Share of high bytes that stand alone between ASCII characters, as accented letters of a Western text do. */
function loneShare(bytes: Buffer): number {
  let high = 0;
  let alone = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    if ((bytes[at] ?? 0) < 0x80) continue;
    high += 1;
    if ((bytes[at - 1] ?? 0) < 0x80 && (bytes[at + 1] ?? 0) < 0x80) alone += 1;
  }
  return high === 0 ? 0 : alone / high;
}

/**
 * The encoding of a sample of a text file: a byte order mark, then UTF-16 by its zero bytes, then UTF-8 whenever it is valid, then
 * GB18030 against Big5 and Western text by how common the characters would be, and only then a statistical guess.
 */
export function detectEncoding(sample: Buffer): EncodingGuess {
  const certain = byMark(sample) ?? byZeros(sample);
  if (certain) return certain;
  if (isUtf8(sample)) return guess('utf-8', sample.every((byte) => byte < 0x80) ? 0.99 : 1);
  const lone = loneShare(sample);
  const chinese = gbk(sample);
  const traditional = big5(sample);
  const share = (count: PairCount): number => (count.valid && count.pairs > 0 ? count.common / count.pairs : 0);
  if (lone < 0.5 && traditional.valid && share(traditional) > 0.9 && share(traditional) > share(chinese) + 0.1) return guess('big5', 0.85);
  if (lone < 0.5 && chinese.valid) return guess('gb18030', Math.max(0.6, share(chinese)));
  const statistical = analyse(sample).find((match) => iconv.encodingExists(match.name) && !/^(?:utf|iso-8859-1$|ascii)/i.test(match.name));
  if (lone < 0.5 && statistical && statistical.confidence >= 30) return guess(statistical.name.toLowerCase(), statistical.confidence / 100);
  const cyrillic = statistical && /1251|koi8|8859-[57]/i.test(statistical.name) && statistical.confidence >= 40 ? statistical : null;
  return cyrillic ? guess(cyrillic.name.toLowerCase(), cyrillic.confidence / 100) : guess('windows-1252', lone >= 0.5 ? 0.8 : 0.3);
}
