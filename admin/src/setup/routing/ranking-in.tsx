import type { RoutingRule } from '@leadsea/lead-routing/contracts/rule';
import { RANKINGS } from '../../../../plugins/lead-routing/contracts/constants';
import { Box, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useFacts } from '../../conditions/use-facts';
import { useText } from '../../common/text';
import { useField } from '../kit/form-context';
import { ExtensionParams, useExtensions } from './extensions';
import { NumberIn, SelectIn, TextIn, type Choice } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Row } from '../kit/section';

const SUFFIX = 'lead.';

/** Fields of a lead whose values can be compared with what a person knows. */
export const useLeadFields = (): readonly Choice[] => {
  const text = useText();
  return useFacts('lead')
    .list.filter(({ key, type }) => key.startsWith(SUFFIX) && (type === 'text' || type === 'select'))
    .map(({ key, label }) => ({ value: key.slice(SUFFIX.length), label: text(label) }));
};

/** How one of several is chosen, and what happens to somebody who was away. */
export const RankingIn = ({ path }: { path: string }) => {
  const translate = useTranslate();
  const ranking = useField<RoutingRule['ranking']>(`${path}.ranking`).value ?? 'weighted';
  const fields = useLeadFields();
  const text = useText();
  const own = useExtensions().rankings;
  const extension = own.find(({ key }) => ranking === `custom:${key}`);
  const choices = (prefix: string, keys: readonly string[]): Choice[] =>
    keys.map((key) => ({ value: key, label: translate(`setup.routing.${prefix}.${key}`) }));
  return (
    <>
      <Row>
        <SelectIn
          path={`${path}.ranking`}
          words="setup.routing.ranking"
          choices={[...choices('rankings', RANKINGS), ...own.map(({ key, label }) => ({ value: `custom:${key}`, label: text(label) }))]}
          sx={{ width: 300 }}
        />
        {ranking === 'count-in-period' && (
          <SelectIn path={`${path}.period`} words="setup.routing.period" choices={choices('caps', ['day', 'week', 'month'])} />
        )}
        {ranking === 'quality-balanced' && (
          <SelectIn path={`${path}.value`} words="setup.routing.value" choices={choices('values', ['score', 'revenue'])} />
        )}
        <SelectIn
          path={`${path}.catchUp`}
          words="setup.routing.catchUp"
          choices={choices('catchUps', ['none', 'capped', 'full'])}
          sx={{ width: 300 }}
        />
      </Row>
      {ranking.startsWith('custom:') ? (
        <ExtensionParams path={`${path}.rankingParams`} extension={extension} />
      ) : (
        <Typography variant="caption" color="text.secondary">
          {translate(`setup.routing.rankingHints.${ranking}`)}
        </Typography>
      )}
      {ranking === 'best-fit' && (
        <Box>
          <ListIn<RoutingRule['fit'][number]>
            path={`${path}.fit`}
            add={translate('setup.routing.addFit')}
            blank={() => ({ skill: '', from: fields[0]?.value ?? 'product', points: 10 })}
            render={(one) => (
              <Row>
                <SelectIn path={`${one}.from`} words="setup.routing.fitFrom" choices={fields} />
                <TextIn path={`${one}.skill`} words="setup.routing.fitSkill" sx={{ maxWidth: 240 }} />
                <NumberIn path={`${one}.points`} words="setup.routing.fitPoints" min={1} max={1000} sx={{ width: 110 }} />
              </Row>
            )}
          />
          <NumberIn path={`${path}.fitTolerance`} words="setup.routing.fitTolerance" min={0} max={1000} sx={{ width: 260 }} />
        </Box>
      )}
    </>
  );
};
