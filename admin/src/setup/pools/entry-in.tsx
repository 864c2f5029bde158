import type { Pool } from '@leadsea/lead-pools/contracts/pool';
import { Box } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useText } from '../../common/text';
import { useDirectory } from '../kit/directory';
import { ConditionIn, LabelIn, SelectIn } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { keyFrom } from '../kit/tree';
import { usePoolWords } from './words';

type EntryRule = Pool['entry']['rules'][number];

/** Which leads belong into this pool, and which are sent on to another one as they enter. */
export const EntryIn = ({ policyKey }: { policyKey: string }) => {
  const translate = useTranslate();
  const text = useText();
  const words = usePoolWords();
  const { pools } = useDirectory();
  const others = pools.filter((pool) => pool.value !== policyKey);
  return (
    <>
      <ConditionIn path="entry.accepts" words="setup.pool.accepts" empty="never" />
      <ListIn<EntryRule>
        path="entry.rules"
        sortable
        numbered
        add={translate('setup.pool.addEntry')}
        empty={translate('setup.pool.noEntry')}
        blank={(rules) => ({
          key: keyFrom(
            '',
            'entry',
            rules.map((rule) => rule.key),
          ),
          label: { zh: '转往其他公海', en: 'On to another pool' },
          when: { combinator: 'and', rules: [] },
          to: others[0]?.value ?? '',
        })}
        summary={(rule) => (
          <Box>
            <b>{text(rule.label) || rule.key}</b>
            <Box sx={{ color: 'text.secondary' }}>→ {words.pool(rule.to) || '–'}</Box>
          </Box>
        )}
        render={(path) => (
          <>
            <LabelIn path={`${path}.label`} words="setup.pool.entryLabel" />
            <ConditionIn path={`${path}.when`} words="setup.pool.entryWhen" optional={false} />
            <SelectIn path={`${path}.to`} words="setup.pool.entryTo" choices={others} />
          </>
        )}
      />
    </>
  );
};
