import type { LayoutResource } from '@leadsea/crm-core/contracts/layout';
import { useMemo } from 'react';
import { useAccess, useMeta } from '../api/session-context';
import { useLookups } from '../common/lookups';
import type { PlainColumn } from '../common/plain-table';
import { useLocaleCode, useText } from '../common/text';
import { useTime } from '../common/time';
import { showCustom } from '../common/values';
import { useCustomFields } from './use-sections';

interface WithCustom {
  readonly id: number;
  readonly custom?: Record<string, unknown> | null;
}

/** Columns of the company's own fields that this member may see. */
export const useCustomColumns = <Row extends WithCustom>(resource: LayoutResource): PlainColumn<Row>[] => {
  const access = useAccess();
  const custom = useCustomFields(resource);
  const lookups = useLookups();
  const locale = useLocaleCode();
  const time = useTime();
  const text = useText();
  return useMemo(
    () =>
      custom
        .filter((field) => access.field(resource, `custom.${field.key}`) !== 'hidden')
        .map((field) => ({
          key: `custom.${field.key}`,
          label: text(field.label) || field.key,
          sort: `custom.${field.key}`,
          wideOnly: true,
          align: ['number', 'integer', 'money'].includes(field.type) ? 'right' : undefined,
          render: (row: Row) => showCustom(field, row.custom?.[field.key], { locale, time, text, member: lookups.member }),
        })),
    [access, custom, resource, lookups, locale, time, text],
  );
};

/**
 * The columns of a list as laid out for this member, else the usual ones. The first of `all` names the record and is always there.
 * @param usual keys of the columns shown while nobody has laid the list out
 */
export const useLaidOutColumns = <Row,>(
  resource: LayoutResource,
  all: readonly PlainColumn<Row>[],
  usual: readonly string[],
): PlainColumn<Row>[] => {
  const laidOut = useMeta().layouts?.[resource]?.list?.columns;
  const first = all[0]?.key;
  const keys = laidOut ? [...new Set([...(first ? [first] : []), ...laidOut.map(({ field }) => field)])] : usual;
  const byKey = new Map(all.map((column) => [column.key, column]));
  const widths = new Map(laidOut?.map(({ field, width }) => [field, width]));
  return keys.flatMap((key) => {
    const column = byKey.get(key);
    return column ? [{ ...column, width: widths.get(key) }] : [];
  });
};
