import { useGetList, type RaRecord } from 'ra-core';
import { useMemo } from 'react';
import { useMeta } from '../../api/session-context';
import { useText } from '../../common/text';
import type { LocalisedText } from '../../api/types';
import type { Choice } from './inputs';

interface Row extends RaRecord {
  id: number;
  key: string;
  name?: string;
  state?: string;
  label?: LocalisedText | null;
  email?: string;
}

export interface Directory {
  readonly members: readonly Choice[];
  /** Ids of members by e-mail address, for policies that name people so. */
  readonly idByEmail: ReadonlyMap<string, number>;
  /** By key. */
  readonly teams: readonly Choice[];
  readonly roles: readonly Choice[];
  readonly pools: readonly Choice[];
  readonly calendars: readonly Choice[];
}

const ALL = { pagination: { page: 1, perPage: 500 }, filter: {} };
const OPTIONS = { staleTime: 60_000, retry: false };

/** People, teams, roles, pools and calendars to choose from. What the member may not read is empty. */
export const useDirectory = (): Directory => {
  const meta = useMeta();
  const text = useText();
  const calendars = useGetList<Row>('calendars', { ...ALL, sort: { field: 'position', order: 'ASC' } }, OPTIONS).data;
  const members = useGetList<Row>('members', { ...ALL, sort: { field: 'name', order: 'ASC' } }, OPTIONS).data;
  return useMemo(() => {
    const byKey = (rows: Row[] | undefined): Choice[] =>
      (rows ?? [])
        .filter((row) => row.state !== 'retired')
        .map((row) => ({ value: row.key, label: row.name ?? (text(row.label) || row.key) }));
    return {
      members: meta.members.map((member) => ({ value: String(member.id), label: member.name })),
      idByEmail: new Map((members ?? []).flatMap((member) => (member.email ? [[member.email, member.id]] : []))),
      teams: meta.teams.flatMap(({ key, name }) => (key ? [{ value: key, label: name }] : [])),
      roles: (meta.roles ?? []).map(({ key, label }) => ({ value: key, label: text(label) || key })),
      pools: meta.pools.map((pool) => ({ value: pool.key, label: pool.name })),
      calendars: byKey(calendars),
    };
  }, [calendars, members, meta, text]);
};
