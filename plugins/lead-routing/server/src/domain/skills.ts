/** A member's skills as words, however they were entered: a list, or names with `true`, a text or a list of texts. */
export function skillWords(skills: unknown, locale: string | null): ReadonlySet<string> {
  const words = new Set<string>();
  const add = (word: unknown): void => {
    if (typeof word === 'string' && word.trim() !== '') words.add(word.normalize('NFKC').trim().toLowerCase());
  };
  if (Array.isArray(skills)) skills.forEach(add);
  else if (typeof skills === 'object' && skills !== null) {
    for (const [name, value] of Object.entries(skills)) {
      if (value === false || value === null || value === '') continue;
      add(name);
      for (const one of Array.isArray(value) ? value : [value]) {
        if (typeof one !== 'string') continue;
        add(one);
        add(`${name}:${one}`);
      }
    }
  }
  add(locale?.split(/[-_]/)[0]);
  return words;
}
