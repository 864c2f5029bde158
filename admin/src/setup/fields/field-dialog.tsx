import { useGetList, useTranslate, type RaRecord } from 'ra-core';
import { useState } from 'react';
import type { CustomField } from '../../api/types';
import { useText } from '../../common/text';
import { postJson } from '../../api/http-client';
import { useAccess } from '../../api/session-context';
import { RecordDialog } from '../kit/record-dialog';
import { keyFrom } from '../kit/tree';
import { CHOICES, FieldParts, type Body } from './field-parts';
import { withKeys } from './options-in';
import { PlaceIn, useLayoutsOf, type Places } from './place-in';

const bodyOf = (entity: string, field: CustomField | null, position: number): Body => ({
  entity,
  key: field?.key ?? '',
  type: field?.type ?? 'text',
  label: field?.label ?? { zh: '', en: '' },
  options: field?.options ?? [],
  required: field?.required ?? false,
  defaultValue: field?.defaultValue ?? null,
  validation: field?.validation ?? {},
  section: field?.section ?? 'custom',
  position: field?.position ?? position,
  visibleWhen: field?.visibleWhen ?? null,
  requiredWhen: field?.requiredWhen ?? null,
  readOnlyWhen: field?.readOnlyWhen ?? null,
  parentField: field?.parentField ?? null,
  pii: field?.pii ?? false,
  piiKind: field?.piiKind ?? null,
  mask: field?.mask ?? null,
  indexed: field?.indexed ?? false,
  retired: field?.retired ?? false,
});

/** Makes or changes one field. Its key, and the keys of saved options, stay the same. */
export const FieldDialog = (props: { entity: string; field: CustomField | null; readOnly: boolean; close: () => void }) => {
  const { entity, field } = props;
  const access = useAccess();
  const layouts = useLayoutsOf(entity, field === null && access.can('update', 'layouts'));
  const [chosen, setChosen] = useState<Places | null>(null);
  const places = chosen ?? new Map(layouts.filter(({ view }) => view === 'form').map(({ id }) => [id, undefined]));
  const place = async (id: number): Promise<void> => {
    if (places.size === 0) return;
    await postJson(`/fields/${id}/place`, {
      layouts: [...places].map(([layout, section]) => ({ id: layout, ...(section ? { section } : {}) })),
    });
  };
  const translate = useTranslate();
  const text = useText();
  const all =
    useGetList<CustomField & RaRecord>('fields', {
      pagination: { page: 1, perPage: 500 },
      sort: { field: 'position', order: 'ASC' },
      filter: { entity },
    }).data ?? [];
  return (
    <RecordDialog<Body>
      resource="fields"
      id={field?.id}
      title={field ? text(field.label) || field.key : translate('setup.field.add')}
      initial={bodyOf(entity, field, all.length)}
      toSend={(body) => ({
        ...body,
        key:
          body.key ||
          keyFrom(
            body.label.en,
            'field',
            all.map((one) => one.key),
            '_',
          ),
        options: CHOICES.includes(body.type) ? withKeys(body.options) : [],
        parentField: CHOICES.includes(body.type) ? body.parentField : null,
        piiKind: body.pii ? body.piiKind : null,
        mask: body.pii ? body.mask : null,
      })}
      valid={(body) =>
        body.label.zh.trim() !== '' &&
        body.label.en.trim() !== '' &&
        (!CHOICES.includes(body.type) || (body.options.length > 0 && body.options.every((option) => option.label.zh)))
      }
      saved={field ? undefined : ({ id }) => place(id)}
      readOnly={props.readOnly}
      close={props.close}
    >
      {() => (
        <>
          <FieldParts entity={entity} field={field} others={all} />
          {layouts.length > 0 && <PlaceIn layouts={layouts} places={places} onChange={setChosen} />}
        </>
      )}
    </RecordDialog>
  );
};
