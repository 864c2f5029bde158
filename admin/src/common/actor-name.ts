import { useTranslate } from 'ra-core';

/** Who did it: a person by name, the product's own parts (capture, routing, recycling …) in the reader's language. */
export const useActorName = (): ((actor: string | { readonly name?: string; readonly kind?: string } | null | undefined) => string) => {
  const translate = useTranslate();
  return (actor) => {
    const name = typeof actor === 'string' ? actor : (actor?.name ?? '');
    if (name === '' || (typeof actor === 'object' && actor?.kind === 'member')) return name;
    return translate(`actors.${name.toLowerCase().replace(/[^a-z]+/g, '_')}`, { _: name });
  };
};
