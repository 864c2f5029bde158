import { useListContext } from 'ra-core';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { useAccess } from '../../api/session-context';
import type { Lead } from '../../api/types';
import { useShortcuts } from '../../common/shortcuts';
import { useLeadVerbs } from '../use-lead-verbs';

export interface Cursor {
  /** The lead the keys speak of; null before a key was used. */
  id: number | null;
  logging: { lead: Lead; kind: string } | null;
  stopLogging: () => void;
}

/** Keys of the list: j and k move, x ticks, Enter opens, l claims, c m n log. */
export const useCursor = (selectable: boolean): Cursor => {
  const navigate = useNavigate();
  const access = useAccess();
  const { data, onToggleItem } = useListContext<Lead>();
  const { claim, tellRefusal } = useLeadVerbs();
  const [id, setId] = useState<number | null>(null);
  const [logging, setLogging] = useState<Cursor['logging']>(null);
  const rows = data ?? [];
  const index = rows.findIndex((lead) => lead.id === id);
  const lead = rows[index];
  const move = (step: number): void => {
    const next = index < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, index + step));
    setId(rows[next]?.id ?? null);
  };
  useEffect(() => {
    if (id !== null) document.getElementById(`lead-row-${id}`)?.scrollIntoView({ block: 'nearest' });
  }, [id]);
  const log = (kind: string) => (): void => {
    if (lead && access.can('log', 'leads', lead)) setLogging({ lead, kind });
  };
  const keys = [
    { key: 'j', label: 'shortcuts.next', run: () => move(1) },
    { key: 'k', label: 'shortcuts.previous', run: () => move(-1) },
    { key: 'Enter', label: 'shortcuts.open', run: () => lead && navigate(`/leads/${lead.id}`) },
  ];
  const ticks = [{ key: 'x', label: 'palette.tick', run: () => lead && onToggleItem(lead.id) }];
  const claims = [{ key: 'l', label: 'palette.claim', run: () => lead && void claim([lead]).then(tellRefusal) }];
  const logs = [
    { key: 'c', label: 'shortcuts.call', run: log('call') },
    { key: 'm', label: 'shortcuts.mail', run: log('mail') },
    { key: 'n', label: 'shortcuts.note', run: log('note') },
  ];
  useShortcuts(
    [...keys, ...(selectable ? ticks : []), ...(access.can('claim', 'leads') ? claims : []), ...(access.can('log', 'leads') ? logs : [])],
    rows.length > 0,
  );
  return { id, logging, stopLogging: () => setLogging(null) };
};
