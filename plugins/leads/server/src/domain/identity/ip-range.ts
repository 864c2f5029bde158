const BITS = { 4: 32, 6: 128 } as const;
type Family = keyof typeof BITS;

interface Address {
  readonly family: Family;
  readonly value: bigint;
}

const OCTET = /^(?:0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])$/;
const GROUP = /^[0-9a-f]{1,4}$/i;

function ipv4(text: string): bigint | null {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => OCTET.test(part)) ? parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n) : null;
}

function ipv6(text: string): bigint | null {
  const [head = '', tail, more] = text.split('::');
  if (more !== undefined) return null;
  const parts = (side: string): string[] => (side === '' ? [] : side.split(':'));
  const [left, right] = [parts(head), parts(tail ?? '')];
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const groups = [...left, ...Array.from({ length: missing }, () => '0'), ...right];
  return groups.every((group) => GROUP.test(group)) ? groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n) : null;
}

/** The bits of an address; null when the text is none. `::ffff:1.2.3.4` is the IPv4 address it carries. */
function addressOf(text: string): Address | null {
  const plain = text.trim().replace(/^::ffff:(?=\d+\.)/i, '');
  const family = plain.includes(':') ? 6 : 4;
  const value = family === 4 ? ipv4(plain) : ipv6(plain);
  return value === null ? null : { family, value };
}

function textOf({ family, value }: Address): string {
  const size = family === 4 ? 8n : 16n;
  const count = family === 4 ? 4 : 8;
  const mask = (1n << size) - 1n;
  const groups = Array.from({ length: count }, (_, index) => (value >> (size * BigInt(count - 1 - index))) & mask);
  return groups.map((group) => group.toString(family === 4 ? 10 : 16)).join(family === 4 ? '.' : ':');
}

/** An address as it is compared, or null when a capture sent something else. */
export const ipKey = (text: string | null): string | null => {
  const address = text === null ? null : addressOf(text);
  return address && textOf(address);
};

/** The fewest networks that hold exactly the addresses from `from` to `to`. */
function networksBetween(family: Family, from: bigint, to: bigint): string[] {
  const networks: string[] = [];
  const bits = BITS[family];
  for (let next = from; next <= to;) {
    let host = 0;
    while (host < bits) {
      const size = 1n << BigInt(host + 1);
      if (next % size !== 0n || next + size - 1n > to) break;
      host += 1;
    }
    networks.push(`${textOf({ family, value: next })}/${bits - host}`);
    next += 1n << BigInt(host);
  }
  return networks;
}

/**
 * Networks of a range as people write it: `203.0.113.0/24`, `203.0.113.10-203.0.113.20`, one address; IPv4 and IPv6. Bits behind the mask are
 * ignored. Null when it is none of these, or goes backwards.
 */
export function networksOf(text: string): readonly string[] | null {
  const [first = '', last, more] = text.split(/\s*[-–—~]\s*/);
  if (more !== undefined) return null;
  if (last !== undefined) {
    const [from, to] = [addressOf(first), addressOf(last)];
    return from && to && from.family === to.family && from.value <= to.value ? networksBetween(from.family, from.value, to.value) : null;
  }
  const [host = '', mask, rest] = first.trim().split('/');
  const address = addressOf(host);
  if (!address || rest !== undefined || (mask !== undefined && !/^\d{1,3}$/.test(mask))) return null;
  const bits = BITS[address.family];
  const length = mask === undefined ? bits : Number(mask);
  if (length < 1 || length > bits) return null;
  const free = BigInt(bits - length);
  return [`${textOf({ family: address.family, value: (address.value >> free) << free })}/${length}`];
}
