import { useSearchParams } from 'react-router-dom';

/** The record a link from elsewhere asks for by `?id=`; `done` takes it, and the place in it, out of the address. */
export const useAsked = (): { readonly id: number | null; done(): void } => {
  const [params, setParams] = useSearchParams();
  const id = Number(params.get('id')) || null;
  return {
    id,
    done: () => {
      if (id !== null) setParams({}, { replace: true });
    },
  };
};
