/** Letters and digits that are not taken for one another when read aloud or copied by hand; 32 of them, so that every byte is worth five fair bits. */
const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

/** `length` random letters and digits (five bits each) from the browser's cryptographic source. */
export const randomText = (length: number): string =>
  [...crypto.getRandomValues(new Uint8Array(length))].map((byte) => LETTERS[byte % LETTERS.length]).join('');

/** A password to hand over: four groups of four, 80 bits. */
export const randomPassword = (): string => Array.from({ length: 4 }, () => randomText(4)).join('-');
