/** An international domain in its ASCII form (`例子.中国` → `xn--fsqu00a.xn--fiqs8s`), '' when it cannot be one; ASCII domains come back as they are. */
export function asciiDomain(domain: string): string {
  if (!/\P{ASCII}/u.test(domain)) return domain;
  const address = `http://${domain}/`;
  if (/[/:?#@\\\s]/.test(domain) || !URL.canParse(address)) return '';
  return new URL(address).hostname;
}
