import type { Obligation, PeriodObligation, TouchObligation } from '@leadsea/lead-sla/contracts/contract';
import AddIcon from '@mui/icons-material/Add';
import { Box, Button, MenuItem, TextField, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useText } from '../../common/text';
import { useField } from '../kit/form-context';
import { ConditionIn, LabelIn, ManyIn, NumberIn, SelectIn } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Row, Section } from '../kit/section';
import { keyFrom } from '../kit/tree';
import { Actions, ANY_ACTION } from './actions';
import { useAgreeChoices, useStageChoices } from './agreement-sections';

const KINDS = ['call', 'mail', 'message', 'meeting', 'visit'] as const;

const Counts = ({ path }: { path: string }) => {
  const translate = useTranslate();
  const field = useField<Readonly<Record<string, number>>>(`${path}.minCounts`);
  const edit = (kind: string, count: number): void => {
    const { [kind]: _old, ...rest } = field.value ?? {};
    field.set(count > 0 ? { ...rest, [kind]: count } : rest);
  };
  return (
    <Row>
      {KINDS.map((kind) => (
        <TextField
          key={kind}
          type="number"
          label={translate(`setup.sla.agree.counts.${kind}`)}
          value={field.value?.[kind] ?? 0}
          disabled={field.readOnly}
          onChange={(event) => edit(kind, Math.max(0, Math.floor(Number(event.target.value) || 0)))}
          slotProps={{ htmlInput: { min: 0, max: 100 } }}
          sx={{ width: 96 }}
        />
      ))}
    </Row>
  );
};

const Spacing = ({ path }: { path: string }) => {
  const translate = useTranslate();
  const field = useField<number>(`${path}.minSpacingSeconds`);
  return (
    <TextField
      type="number"
      label={translate('setup.sla.agree.spacing')}
      value={(field.value ?? 0) / 3600}
      disabled={field.readOnly}
      onChange={(event) => field.set(Math.max(0, Math.round(Number(event.target.value) * 3600)))}
      slotProps={{ htmlInput: { min: 0, step: 0.5 } }}
      sx={{ width: 170 }}
    />
  );
};

/** What a miss sets going beside telling those who promised, which is always done. */
const MissedActions = ({ path }: { path: string }) => {
  const translate = useTranslate();
  return (
    <Box sx={{ display: 'grid', gap: 1.25 }}>
      <Box>
        <Typography variant="subtitle2">{translate('setup.sla.breach')}</Typography>
        <Typography variant="caption" color="text.secondary">
          {translate('setup.sla.agree.missedHelp')}
        </Typography>
      </Box>
      <Actions path={`${path}.onBreach`} kinds={ANY_ACTION} />
    </Box>
  );
};

const TouchForm = ({ path }: { path: string }) => (
  <>
    <ConditionIn path={`${path}.start`} words="setup.sla.agree.start" optional={false} />
    <Counts path={path} />
    <Row>
      <NumberIn path={`${path}.windowDays`} words="setup.sla.agree.window" min={1} max={366} />
      <Spacing path={path} />
      <NumberIn path={`${path}.minChannels`} words="setup.sla.agree.channels" min={1} max={20} />
    </Row>
    <ConditionIn path={`${path}.closed`} words="setup.sla.agree.closed" empty="never" />
    <ManyIn path={`${path}.allowedReasons`} words="setup.sla.agree.allowed" choices={[]} free />
    <MissedActions path={path} />
  </>
);

const PeriodForm = ({ path, period }: { path: string; period: PeriodObligation }) => {
  const translate = useTranslate();
  const stages = useStageChoices();
  const measure = useField<PeriodObligation['measure']>(`${path}.measure`);
  const { kind } = period.measure;
  const change = (next: string): void => {
    const when = 'when' in period.measure ? (period.measure.when ?? { combinator: 'and', rules: [] }) : { combinator: 'and', rules: [] };
    const stage = 'stage' in period.measure ? period.measure.stage : (stages[1]?.value ?? 'mql');
    measure.set(next === 'captured' ? { kind: next, when } : { kind: next, stage, when });
  };
  return (
    <>
      <Row>
        <SelectIn
          path={`${path}.period`}
          words="setup.sla.agree.period"
          choices={useAgreeChoices('periods', ['week', 'month', 'quarter'])}
        />
        <TextField
          select
          label={translate('setup.sla.agree.measure')}
          value={kind}
          disabled={measure.readOnly}
          onChange={(event) => change(event.target.value)}
          sx={{ minWidth: 260 }}
        >
          {useAgreeChoices('measures', ['stage', 'captured', 'share']).map((one) => (
            <MenuItem key={one.value} value={one.value}>
              {one.label}
            </MenuItem>
          ))}
        </TextField>
        {kind !== 'captured' && <SelectIn path={`${path}.measure.stage`} words="setup.sla.agree.stage" choices={stages} />}
        <NumberIn path={`${path}.atLeast`} words={kind === 'share' ? 'setup.sla.agree.atLeastShare' : 'setup.sla.agree.atLeast'} min={0} />
      </Row>
      <ConditionIn path={`${path}.measure.when`} words="setup.sla.agree.when" optional={kind === 'stage'} />
    </>
  );
};

const LABEL = { zh: '新义务', en: 'New obligation' };
const ALL = { combinator: 'and' as const, rules: [] };
const touch = (key: string): TouchObligation => ({
  key,
  label: LABEL,
  kind: 'touch',
  obligor: 'sales',
  start: { combinator: 'and', rules: [{ field: 'lead.owner', operator: 'notNull' }] },
  allowedReasons: [],
  windowDays: 14,
  minCounts: { call: 3, mail: 3 },
  minSpacingSeconds: 86_400,
  minChannels: 2,
  evidence: { direction: 'outbound', authors: 'owner' },
  onBreach: [],
});
const period = (key: string): PeriodObligation => ({
  key,
  label: LABEL,
  kind: 'period',
  obligor: 'marketing',
  period: 'quarter',
  measure: { kind: 'stage', stage: 'mql', when: ALL },
  atLeast: 100,
});

/** What is promised beside deadlines: touches on every lead, deliveries in a period. */
export const Obligations = () => {
  const translate = useTranslate();
  const text = useText();
  const obligors = (['sales', 'marketing', 'system'] as const).map((value) => ({ value, label: translate(`setup.sla.obligors.${value}`) }));
  const field = useField<readonly Obligation[]>('obligations');
  const add = (make: (key: string) => Obligation): void =>
    field.set([
      ...(field.value ?? []),
      make(
        keyFrom(
          '',
          'obligation',
          (field.value ?? []).map((one) => one.key),
        ),
      ),
    ]);
  return (
    <Section at="obligations" title={translate('setup.sla.agree.obligations')} help={translate('setup.sla.agree.obligationsHelp')}>
      <ListIn<Obligation>
        path="obligations"
        sortable
        add={translate('setup.sla.agree.addTouch')}
        blank={(all) =>
          touch(
            keyFrom(
              '',
              'obligation',
              all.map((one) => one.key),
            ),
          )
        }
        summary={(one) => (
          <Box>
            <b>{text(one.label)}</b>
            <Box
              sx={{ color: 'text.secondary' }}
            >{`${translate(`setup.sla.obligors.${one.obligor}`)} · ${translate(one.kind === 'touch' ? 'setup.sla.agree.addTouch' : 'setup.sla.agree.addPeriod')}`}</Box>
          </Box>
        )}
        render={(path, one) => (
          <>
            <LabelIn path={`${path}.label`} words="setup.sla.agree.label" />
            <SelectIn path={`${path}.obligor`} words="setup.sla.obligor" choices={obligors} sx={{ maxWidth: 220 }} />
            {one.kind === 'touch' ? <TouchForm path={path} /> : <PeriodForm path={path} period={one} />}
          </>
        )}
      />
      {!field.readOnly && (
        <Button startIcon={<AddIcon />} onClick={() => add(period)} sx={{ justifySelf: 'start' }}>
          {translate('setup.sla.agree.addPeriod')}
        </Button>
      )}
    </Section>
  );
};
