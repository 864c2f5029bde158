/** What somebody typed into the look-up: an address has an @, a number is mostly digits, the rest is a company. */
export const lookupOf = (typed: string): Readonly<Record<string, string>> | null => {
  const value = typed.trim();
  if (value.length < 2) return null;
  if (value.includes('@')) return { email: value };
  const digits = value.replace(/\D/g, '');
  return digits.length >= 6 && /^[\d\s()+.-]+$/.test(value) ? { phone: value } : { company: value };
};
