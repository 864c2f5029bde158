import type { PoolField } from '@leadsea/lead-pools/contracts/members';
import { useTranslate } from 'ra-core';
import { useMemo } from 'react';
import { useText } from '../../common/text';
import { useLookups } from '../../common/lookups';
import { useDirectory } from '../kit/directory';
import { SelectIn, type Choice } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Row } from '../kit/section';

const BUILT_IN = [
  'name',
  'title',
  'email',
  'phone',
  'wechat',
  'company',
  'website',
  'address',
  'note',
  'source',
  'campaign',
  'score',
  'grade',
] as const;

/** Fields of a lead that a pool may hide. */
export const useLeadFields = (): readonly Choice[] => {
  const translate = useTranslate();
  const text = useText();
  const { leadFields } = useLookups();
  return useMemo(
    () => [
      ...BUILT_IN.map((field) => ({ value: field, label: translate(`fields.${field}`) })),
      ...leadFields.map((field) => ({ value: `custom.${field.key}`, label: text(field.label) || field.key })),
    ],
    [translate, text, leadFields],
  );
};

/** What of the leads lying here nobody, or one role, may see. */
export const FieldsIn = () => {
  const translate = useTranslate();
  const fields = useLeadFields();
  const { roles } = useDirectory();
  return (
    <ListIn<PoolField>
      path="fields"
      add={translate('setup.pool.addField')}
      empty={translate('setup.pool.noFields')}
      blank={() => ({ field: 'phone', access: 'masked', role: null })}
      render={(path) => (
        <Row>
          <SelectIn path={`${path}.field`} words="setup.pool.field" choices={fields} />
          <SelectIn
            path={`${path}.access`}
            words="setup.pool.access"
            choices={(['masked', 'hidden'] as const).map((one) => ({ value: one, label: translate(`setup.pool.accessKind.${one}`) }))}
          />
          <SelectIn path={`${path}.role`} words="setup.pool.forRole" choices={roles} none={translate('setup.pool.everyRole')} />
        </Row>
      )}
    />
  );
};
