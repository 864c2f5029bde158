/**
 * Whether an address belongs to the inside of a network: loopback, private, link-local, shared, multicast, documentation and reserved
 * ranges of IPv4 and IPv6, and IPv6 forms that carry such an IPv4 address. What is not an address counts as inside.
 */
export function isInternalAddress(address: string): boolean {
  const four = ipv4(address);
  if (four) return isInternalV4(four);
  const six = ipv6(address);
  return six === null ? true : isInternalV6(six);
}

function ipv4(text: string): readonly number[] | null {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return null;
  return parts.map(Number);
}

/** Eight groups of 16 bits. */
function ipv6(text: string): readonly number[] | null {
  let plain = text.replace(/%.*$/, '').replace(/^\[|\]$/g, '');
  const tail = /(^|:)(\d{1,3}(?:\.\d{1,3}){3})$/.exec(plain)?.[2];
  if (tail) {
    const four = ipv4(tail);
    if (!four) return null;
    const [a, b, c, d] = four as [number, number, number, number];
    plain = `${plain.slice(0, -tail.length)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  }
  const halves = plain.split('::');
  if (halves.length > 2) return null;
  const groups = (half: string | undefined): string[] => (half ? half.split(':') : []);
  const [head, rest] = [groups(halves[0]), groups(halves[1])];
  const missing = 8 - head.length - rest.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const all = [...head, ...Array.from({ length: Math.max(missing, 0) }, () => '0'), ...rest];
  return all.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) ? all.map((group) => parseInt(group, 16)) : null;
}

/** [network, prefix length] of what is not the public internet. */
const INTERNAL_V4: readonly (readonly [readonly [number, number, number, number], number])[] = [
  [[0, 0, 0, 0], 8],
  [[10, 0, 0, 0], 8],
  [[100, 64, 0, 0], 10],
  [[127, 0, 0, 0], 8],
  [[169, 254, 0, 0], 16],
  [[172, 16, 0, 0], 12],
  [[192, 0, 0, 0], 24],
  [[192, 0, 2, 0], 24],
  [[192, 88, 99, 0], 24],
  [[192, 168, 0, 0], 16],
  [[198, 18, 0, 0], 15],
  [[198, 51, 100, 0], 24],
  [[203, 0, 113, 0], 24],
  [[224, 0, 0, 0], 3],
];

const toInt = (parts: readonly number[]): number => parts.reduce((sum, part) => sum * 256 + part, 0);

const isInternalV4 = (parts: readonly number[]): boolean =>
  INTERNAL_V4.some(([network, bits]) => Math.floor(toInt(parts) / 2 ** (32 - bits)) === Math.floor(toInt(network) / 2 ** (32 - bits)));

function isInternalV6(groups: readonly number[]): boolean {
  const [first = 0, second = 0] = groups;
  const embedded = (from: number): boolean => {
    const [high = 0, low = 0] = groups.slice(from);
    return isInternalV4([high >> 8, high & 255, low >> 8, low & 255]);
  };
  const zero = (from: number, to: number): boolean => groups.slice(from, to).every((group) => group === 0);
  // Mapped (::ffff:0:0/96), compatible and loopback (::/96), NAT64 (64:ff9b::/96), 6to4 (2002::/16): judged by the IPv4 address inside.
  if (zero(0, 5) && (groups[5] === 0xffff || groups[5] === 0)) return embedded(6);
  if (first === 0x64 && second === 0xff9b) return zero(2, 6) ? embedded(6) : true;
  if (first === 0x2002) return embedded(1);
  if (first === 0x2001 && (second < 0x200 || second === 0xdb8)) return true;
  // Only 2000::/3 is the public internet.
  return (first & 0xe000) !== 0x2000;
}
