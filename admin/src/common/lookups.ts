import { useTranslate } from 'ra-core';
import { useMemo } from 'react';
import { useMe, useMeta } from '../api/session-context';
import type { CustomField, Meta, Option, Stage } from '../api/types';
import { useText } from './text';

export interface Choice {
  value: string;
  label: string;
}

export interface Lookups {
  member: (id: number | null | undefined) => string;
  pool(id: number | null | undefined): string;
  team(id: number | null | undefined): string;
  stage(key: string | null | undefined): Stage | undefined;
  stageLabel(key: string | null | undefined): string;
  source(key: string | null | undefined): string;
  activityKind(key: string): string;
  outcome(kind: string, value: string): string;
  /** Why somebody moved, judged or gave back a lead, also where that reason is no longer offered. */
  reason(key: string): string;
  /** What the person did by itself, e.g. a page visit. */
  engagementKind(key: string): string;
  choices(options: readonly Option[]): Choice[];
  sources: Choice[];
  leadFields: CustomField[];
  /** Name of a lead's field, built-in or `custom.<key>`. */
  fieldLabel(key: string): string;
}

const sourceChoices = (sources: Meta['sources'], text: (words: Option['label'] | string | undefined) => string): Choice[] =>
  sources.map((source) => {
    if (typeof source === 'string') return { value: source, label: source };
    const value = 'value' in source ? source.value : source.key;
    const name = 'name' in source ? source.name : undefined;
    return { value, label: text(source.label) || name || value };
  });

/** Names for the ids and keys that records carry. An id outside the member's sight becomes `#id`. */
export const useLookups = (): Lookups => {
  const meta = useMeta();
  const me = useMe();
  const text = useText();
  const translate = useTranslate();
  return useMemo(() => {
    const names = (rows: { id: number; name: string }[]) => new Map(rows.map((row) => [row.id, row.name]));
    const members = names(meta.members);
    const pools = names(meta.pools);
    const teams = names(meta.teams);
    const stages = new Map(meta.stages.map((stage) => [stage.key, stage]));
    const sources = sourceChoices(meta.sources, text);
    const sourceNames = new Map(sources.map((choice) => [choice.value, choice.label]));
    const behaviour = meta.facts.lead?.find((fact) => fact.key === 'behaviour.count')?.args?.find((arg) => arg.key === 'kind');
    const engagements = new Map(behaviour?.options?.map((option) => [option.value, option.label]));
    const kinds = new Map(meta.activityKinds.map((kind) => [kind.key, kind]));
    const name = (map: Map<number, string>, id: number | null | undefined): string =>
      id === null || id === undefined ? '' : (map.get(id) ?? `#${id}`);
    return {
      member: (id) => (id === me.member.id ? me.member.name : name(members, id)),
      pool: (id) => name(pools, id),
      team: (id) => name(teams, id),
      stage: (key) => (key ? stages.get(key) : undefined),
      stageLabel: (key) => (key ? text(stages.get(key)?.label) || key : ''),
      source: (key) => (key ? (sourceNames.get(key) ?? key) : ''),
      activityKind: (key) => text(kinds.get(key)?.label) || key,
      outcome: (kind, value) => text(kinds.get(kind)?.outcomes.find((outcome) => outcome.value === value)?.label) || value,
      reason: (key) => text(meta.releaseReasons.find(({ value }) => value === key)?.label ?? meta.reasonLabels?.[key]) || key,
      engagementKind: (key) => text(engagements.get(key)) || key,
      choices: (options) => options.map((option) => ({ value: option.value, label: text(option.label) || option.value })),
      sources,
      fieldLabel: (key) => {
        const custom = meta.customFields.find((field) => field.entity === 'lead' && `custom.${field.key}` === key);
        return custom ? text(custom.label) || custom.key : translate(`fields.${key}`, { _: key });
      },
      leadFields: meta.customFields.filter((field) => field.entity === 'lead' && !field.retired).sort((a, b) => a.position - b.position),
    };
  }, [meta, me, text, translate]);
};
