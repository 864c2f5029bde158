import type { Metric, Target } from '@leadsea/lead-sla/contracts/contract';
import { Box, MenuItem, TextField, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import type { ReactNode } from 'react';
import { useMeta } from '../../api/session-context';
import { useLookups } from '../../common/lookups';
import { useText } from '../../common/text';
import { useField } from '../kit/form-context';
import { ConditionIn, LabelIn, ManyIn, NumberIn, SelectIn, SpanIn, type Choice } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Row } from '../kit/section';
import { Actions, ANY_ACTION, TELLING } from './actions';
import { MoreSettings } from './more-settings';
import { useMetricWords } from './metric-words';
import { WarnIn } from './warn-in';

const Part = ({ title, help, children }: { title: string; help?: string; children: ReactNode }) => (
  <Box sx={{ display: 'grid', gap: 1.25, '& > *': { minWidth: 0 } }}>
    <Box>
      <Typography variant="subtitle2" color="text.primary">
        {title}
      </Typography>
      {help && (
        <Typography variant="caption" color="text.secondary">
          {help}
        </Typography>
      )}
    </Box>
    {children}
  </Box>
);

/** Keys of choices with their words, which stand under `setup.sla.<group>`. */
export const useChoices = (group: string, keys: readonly string[]): Choice[] => {
  const translate = useTranslate();
  return keys.map((key) => ({ value: key, label: translate(`setup.sla.${group}.${key}`) }));
};

const Evidence = ({ path }: { path: string }) => {
  const meta = useMeta();
  const text = useText();
  const lookups = useLookups();
  const kinds = useField<readonly string[]>(`${path}.kinds`).value ?? [];
  const outcomes = new Map(
    meta.activityKinds
      .filter((kind) => kinds.includes(kind.key))
      .flatMap((kind) => kind.outcomes.map((outcome) => [outcome.value, text(outcome.label)] as const)),
  );
  return (
    <>
      <Row>
        <ManyIn
          path={`${path}.kinds`}
          words="setup.sla.kinds"
          choices={meta.activityKinds.map((kind) => ({ value: kind.key, label: lookups.activityKind(kind.key) }))}
        />
        <ManyIn path={`${path}.outcomes`} words="setup.sla.outcomes" choices={[...outcomes].map(([value, label]) => ({ value, label }))} />
      </Row>
      <Row>
        <SelectIn path={`${path}.authors`} words="setup.sla.authors" choices={useChoices('author', ['owner', 'delegate', 'team', 'any'])} />
        <SelectIn
          path={`${path}.direction`}
          words="setup.sla.direction"
          choices={useChoices('directions', ['outbound', 'inbound', 'any'])}
        />
        <NumberIn path={`${path}.minSeconds`} words="setup.sla.minSeconds" min={0} optional sx={{ width: 200 }} />
      </Row>
    </>
  );
};

const Targets = ({ path }: { path: string }) => {
  const translate = useTranslate();
  const words = useMetricWords();
  const meanings = useChoices('meanings', ['same-time', 'end-of-day', 'budget']);
  return (
    <ListIn<Target>
      path={path}
      sortable
      numbered
      add={translate('setup.sla.addTarget')}
      blank={() => ({ duration: 'PT4H', meaning: 'budget' })}
      summary={(target) => words.target(target)}
      render={(row, target) => (
        <>
          <Row>
            <SpanIn path={`${row}.duration`} words="setup.sla.duration" units={['minute', 'hour', 'bday']} />
            {target.duration.endsWith('BD') && <SelectIn path={`${row}.meaning`} words="setup.sla.meaning" choices={meanings} />}
          </Row>
          <ConditionIn path={`${row}.when`} words="setup.sla.targetWhen" />
        </>
      )}
    />
  );
};

/** One deadline: when it starts, what ends it, how long it may take, and what happens then. */
export const MetricForm = ({ path }: { path: string }) => {
  const translate = useTranslate();
  const words = useMetricWords();
  const metric = useField<Metric>(path).value;
  const stop = useField<Metric['stop']>(`${path}.stop`);
  const by = stop.value?.activities ? (stop.value.when ? 'both' : 'activities') : 'condition';
  const blankStop = { kinds: ['call'], direction: 'outbound', authors: 'owner' };
  const blankWhen = { combinator: 'and', rules: [] };
  const choose = (chosen: string): void =>
    stop.set({
      ...(chosen === 'condition' ? {} : { activities: stop.value?.activities ?? blankStop }),
      ...(chosen === 'activities' ? {} : { when: stop.value?.when ?? blankWhen }),
    });
  return (
    <>
      {metric && <Box sx={{ p: 1.25, borderRadius: 1, bgcolor: 'action.hover', fontSize: 13 }}>{words.metric(metric)}</Box>}
      <LabelIn path={`${path}.label`} words="setup.sla.metricLabel" />
      <SelectIn path={`${path}.obligor`} words="setup.sla.obligor" choices={useChoices('obligors', ['sales', 'marketing', 'system'])} />
      <Part title={translate('setup.sla.start')} help={translate('setup.sla.startHelp')}>
        <ConditionIn path={`${path}.start`} words="setup.sla.startWhen" optional={false} />
      </Part>
      <Part title={translate('setup.sla.stop')} help={translate('setup.sla.stopHelp')}>
        <TextField
          select
          label={translate('setup.sla.stopBy')}
          value={by}
          disabled={stop.readOnly}
          onChange={(event) => choose(event.target.value)}
          sx={{ maxWidth: 320 }}
        >
          {['activities', 'condition', 'both'].map((one) => (
            <MenuItem key={one} value={one}>
              {translate(`setup.sla.stopKinds.${one}`)}
            </MenuItem>
          ))}
        </TextField>
        {by !== 'condition' && <Evidence path={`${path}.stop.activities`} />}
        {by !== 'activities' && <ConditionIn path={`${path}.stop.when`} words="setup.sla.stopWhen" optional={false} />}
      </Part>
      <Part title={translate('setup.sla.targets')} help={translate('setup.sla.targetsHelp')}>
        <Targets path={`${path}.targets`} />
      </Part>
      <Part title={translate('setup.sla.warns')} help={translate('setup.sla.warnsHelp')}>
        <ListIn<string>
          path={`${path}.warns`}
          add={translate('setup.sla.addWarn')}
          blank={() => '80%'}
          render={(row) => <WarnIn path={row} />}
        />
        <Actions path={`${path}.onWarn`} kinds={TELLING} />
      </Part>
      <Part title={translate('setup.sla.breach')} help={translate('setup.sla.breachHelp')}>
        <Actions path={`${path}.onBreach`} kinds={ANY_ACTION} />
      </Part>
      <Part title={translate('setup.sla.agree.met')} help={translate('setup.sla.agree.metHelp')}>
        <Actions path={`${path}.onMet`} kinds={TELLING} />
      </Part>
      <MoreSettings path={path} />
    </>
  );
};
