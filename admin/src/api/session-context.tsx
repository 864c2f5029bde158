import { useQuery } from '@tanstack/react-query';
import { useDataProvider } from 'ra-core';
import { createContext, useContext, useEffect, useMemo, type ReactNode } from 'react';
import { setProductNow } from '../common/product-clock';
import { createAccess, type Access } from './access';
import type { ConsoleProvider } from './data-provider';
import type { Me, Meta } from './types';

interface SessionValue {
  me: Me;
  meta: Meta;
  access: Access;
}

const SessionContext = createContext<SessionValue | null>(null);

/** Loads who is here and what the product is made of, once, before any page is drawn. */
export const SessionGate = (props: { loading: ReactNode; failed: (error: Error, retry: () => void) => ReactNode; children: ReactNode }) => {
  const provider = useDataProvider<ConsoleProvider>();
  const me = useQuery({ queryKey: ['me'], queryFn: () => provider.me(), staleTime: 300_000 });
  const meta = useQuery({ queryKey: ['meta'], queryFn: () => provider.meta(), staleTime: 300_000 });
  const now = meta.data?.now;
  useEffect(() => {
    if (now) setProductNow(now);
  }, [now]);
  const value = useMemo(
    () => (me.data?.member && meta.data ? { me: me.data, meta: meta.data, access: createAccess(me.data) } : null),
    [me.data, meta.data],
  );
  const error = me.error ?? meta.error;
  if (value) return <SessionContext.Provider value={value}>{props.children}</SessionContext.Provider>;
  if (error) {
    const retry = (): void => {
      void me.refetch();
      void meta.refetch();
    };
    return <>{props.failed(error, retry)}</>;
  }
  return <>{props.loading}</>;
};

const useSession = (): SessionValue => {
  const value = useContext(SessionContext);
  if (!value) throw new Error('SessionGate is missing above this component.');
  return value;
};

export const useMe = (): Me => useSession().me;
export const useMeta = (): Meta => useSession().meta;
export const useAccess = (): Access => useSession().access;
