import type { RoleSpec } from '@leadsea/crm-core/contracts/access';
import type { FormLayout, LayoutResource, ListLayout } from '@leadsea/crm-core/contracts/layout';
import { Box, Table, TableBody, TableCell, TableHead, TableRow, Typography } from '@mui/material';
import { useGetList, useTranslate, type RaRecord } from 'ra-core';
import { useState, type ReactNode } from 'react';
import { useAccountColumns } from '../../accounts/use-account-columns';
import type { Activity } from '../../activities/types';
import { useAllActivityColumns } from '../../activities/use-activity-columns';
import { plain } from '../../common/plain';
import { factsOf } from '../../layouts/facts-of';
import { ENTITY_OF, FORM_FIELDS } from '../../layouts/catalogue';
import { RecordFields } from '../../layouts/record-fields';
import { formSections } from '../../layouts/sections';
import { useCustomFields } from '../../layouts/use-sections';
import { useColumns } from '../../leads/list/columns';
import type { Opportunity } from '../../opportunities/types';
import { useDealColumns } from '../../opportunities/use-deal-columns';
import { placedFields } from './body';
import { accessOf, type LayoutFields } from './use-layout-fields';

interface PreviewProps {
  readonly resource: LayoutResource;
  readonly role: RoleSpec | null;
  readonly fields: LayoutFields;
}

/** Names of fields of a layout that this role sees in another way than somebody who may do all. */
const Left = ({ resource, role, fields, names }: PreviewProps & { names: readonly string[] }) => {
  const translate = useTranslate();
  const of = (access: string): string =>
    names
      .filter((name) => accessOf(role, resource, name) === access)
      .map((name) => fields.label(name))
      .join(translate('setup.layout.comma'));
  const lines = [
    ['readOnly', of('read')],
    ['masked', of('masked')],
    ['hidden', of('hidden')],
  ] as const;
  return (
    <Box sx={{ mt: 1.5 }}>
      {lines.map(
        ([key, text]) =>
          text !== '' && (
            <Typography key={key} variant="caption" color="text.secondary" component="div">
              {translate(`setup.layout.${key}`, { fields: text })}
            </Typography>
          ),
      )}
    </Box>
  );
};

/** The form as this role gets it; fields can be filled in to see how it reacts. Nothing is saved. */
export const FormPreview = (props: PreviewProps & { body: FormLayout }) => {
  const { resource, role, body } = props;
  const translate = useTranslate();
  const custom = useCustomFields(resource);
  const [draft, setDraft] = useState<Record<string, unknown>>({});
  const may = (name: string): boolean => accessOf(role, resource, name) === 'write';
  const sections = formSections(body, FORM_FIELDS[resource], custom, may);
  const valueOf = { now: factsOf(ENTITY_OF[resource], draft, {}), saved: null };
  return (
    <>
      <Typography variant="caption" color="text.secondary">
        {translate(sections.length === 0 ? 'setup.layout.nothing' : 'setup.layout.previewForm')}
      </Typography>
      <RecordFields resource={resource} sections={sections} draft={draft} onChange={setDraft} writable={may} valueOf={valueOf} />
      <Left {...props} names={placedFields(body)} />
    </>
  );
};

const ROWS = 5;

/** How the list itself shows a value: names for ids, words for keys, days and money as everywhere. */
const useCell = (resource: LayoutResource, rows: readonly RaRecord[]): ((record: RaRecord, name: string) => ReactNode) => {
  const of = (one: LayoutResource): readonly RaRecord[] => (one === resource ? rows : []);
  const columns: Readonly<Record<LayoutResource, readonly { readonly key: string; render(row: never): ReactNode }[]>> = {
    leads: useColumns(),
    accounts: useAccountColumns(),
    opportunities: useDealColumns(of('opportunities') as readonly Opportunity[]),
    activities: useAllActivityColumns(of('activities') as readonly Activity[]),
  };
  return (record, name) => {
    const column = columns[resource].find(({ key }) => key === name);
    return column ? column.render(record as never) : plain(record[name]);
  };
};

/** The list with the first rows there are. */
export const ListPreview = (props: PreviewProps & { body: ListLayout }) => {
  const { resource, role, fields, body } = props;
  const translate = useTranslate();
  const [field, order] = body.sort ?? ['id', 'DESC'];
  const { data } = useGetList<RaRecord>(resource, {
    pagination: { page: 1, perPage: ROWS },
    sort: { field, order },
    filter: {},
  });
  const shown = body.columns.filter((column) => accessOf(role, resource, column.field) !== 'hidden');
  const cell = useCell(resource, data ?? []);
  return (
    <>
      <Box sx={{ overflow: 'auto' }}>
        <Table size="small" sx={{ '& td, & th': { whiteSpace: 'nowrap', px: 1 } }}>
          <TableHead>
            <TableRow>
              {shown.map((column) => (
                <TableCell key={column.field} sx={{ minWidth: column.width }}>
                  {fields.label(column.field)}
                </TableCell>
              ))}
            </TableRow>
          </TableHead>
          <TableBody>
            {data?.map((record) => (
              <TableRow key={record.id}>
                {shown.map((column) => (
                  <TableCell key={column.field} sx={{ maxWidth: column.width ?? 180, overflow: 'hidden', textOverflow: 'ellipsis' }}>
                    {cell(record, column.field)}
                  </TableCell>
                ))}
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </Box>
      {data?.length === 0 && (
        <Typography variant="caption" color="text.secondary">
          {translate('setup.layout.noRows')}
        </Typography>
      )}
      <Left {...props} names={placedFields(body)} />
    </>
  );
};
