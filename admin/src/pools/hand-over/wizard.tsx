import AddIcon from '@mui/icons-material/Add';
import DeleteIcon from '@mui/icons-material/DeleteOutline';
import {
  Box,
  Button,
  ButtonBase,
  Checkbox,
  FormControlLabel,
  IconButton,
  MenuItem,
  Step,
  StepLabel,
  Stepper,
  TextField,
  ToggleButton,
  ToggleButtonGroup,
  Typography,
} from '@mui/material';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'ra-core';
import { useDeferredValue, useMemo, useState } from 'react';
import { DateField } from '../../common/date-field';
import { useRefusalText } from '../../api/errors';
import { useMe } from '../../api/session-context';
import { useLookups } from '../../common/lookups';
import { Panel } from '../../common/panel';
import { useTime } from '../../common/time';
import { ConditionBuilder } from '../../conditions/condition-builder';
import { useLeadsChanged } from '../../leads/use-lead-verbs';
import { AUTOMATIC_RETURNS, handOvers, type HandOver } from '../duty-api';
import { datesAreSound, EMPTY_DRAFT, planOf, type Draft, type DraftRule } from './plan';
import { PreviewPanel } from './preview-panel';
import { usePoolDuties } from '../use-board';
import { PersonIn, TargetIn } from './target-in';

const STEPS = ['who', 'split', 'check'] as const;

type Change = (change: Partial<Draft>) => void;

const WhoStep = ({ draft, change }: { draft: Draft; change: Change }) => {
  const translate = useTranslate();
  const day = (name: 'from' | 'to') => (
    <DateField
      type="date"
      label={translate(`pools.handOver.${name}`)}
      value={draft[name]}
      required={name === 'to'}
      error={name === 'to' && draft.to !== '' && !datesAreSound(draft)}
      onChange={(event) => change({ [name]: event.target.value })}
      slotProps={{ inputLabel: { shrink: true } }}
      sx={{ flex: 1, minWidth: 150 }}
    />
  );
  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      <PersonIn
        autoFocus
        disabled={!usePoolDuties().forOthers}
        label={translate('pools.handOver.who')}
        value={draft.member}
        onChange={(member) => change({ member })}
      />
      <Box
        role="radiogroup"
        aria-label={translate('pools.handOver.why')}
        sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr' }, gap: 1 }}
      >
        {(['leave', 'leaver'] as const).map((kind) => (
          <ButtonBase
            key={kind}
            role="radio"
            aria-checked={draft.kind === kind}
            onClick={() => change({ kind })}
            sx={{
              display: 'block',
              textAlign: 'left',
              p: 1.5,
              border: 1,
              borderRadius: 1,
              borderColor: draft.kind === kind ? 'primary.main' : 'divider',
            }}
          >
            <Typography variant="body2" fontWeight={600}>
              {translate(`pools.handOver.kind.${kind}`)}
            </Typography>
            <Typography variant="caption" color="text.secondary">
              {translate(`pools.handOver.kindHint.${kind}`)}
            </Typography>
          </ButtonBase>
        ))}
      </Box>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5 }}>
        {day('from')}
        {draft.kind === 'leave' && day('to')}
      </Box>
    </Box>
  );
};

const RuleBox = (props: {
  rule: DraftRule;
  last: boolean;
  only: boolean;
  draft: Draft;
  set: (rule: DraftRule) => void;
  remove: () => void;
}) => {
  const translate = useTranslate();
  const { rule, last } = props;
  return (
    <Box sx={{ display: 'grid', gap: 1.5, p: 1.5, border: 1, borderColor: 'divider', borderRadius: 1 }}>
      <Box sx={{ display: 'flex', alignItems: 'center' }}>
        <Typography variant="subtitle2" sx={{ flex: 1 }}>
          {translate(props.only ? 'pools.handOver.all' : last ? 'pools.handOver.rest' : 'pools.handOver.leadsWhere')}
        </Typography>
        {!last && (
          <IconButton aria-label={translate('setup.kit.remove')} onClick={props.remove}>
            <DeleteIcon fontSize="small" />
          </IconButton>
        )}
      </Box>
      {!last && <ConditionBuilder subject="lead" value={rule.when ?? null} onChange={(when) => props.set({ ...rule, when })} />}
      <TargetIn value={rule.to} leaver={props.draft.member} onChange={(to) => props.set({ ...rule, to })} />
    </Box>
  );
};

const SplitStep = ({ draft, change }: { draft: Draft; change: Change }) => {
  const translate = useTranslate();
  const { split } = draft;
  const add = (): void => change({ split: [{ when: { combinator: 'and', rules: [] }, to: null }, ...split] });
  return (
    <Box sx={{ display: 'grid', gap: 1.5 }}>
      {split.map((rule, index) => (
        <RuleBox
          key={split.length - index}
          rule={rule}
          last={index === split.length - 1}
          only={split.length === 1}
          draft={draft}
          set={(next) => change({ split: split.map((one, at) => (at === index ? next : one)) })}
          remove={() => change({ split: split.filter((_rule, at) => at !== index) })}
        />
      ))}
      <Box>
        <Button startIcon={<AddIcon />} onClick={add}>
          {translate('pools.handOver.addRule')}
        </Button>
      </Box>
    </Box>
  );
};

const CheckStep = (props: { draft: Draft; change: Change; outOfReach: number; partial: boolean; setPartial: (on: boolean) => void }) => {
  const { draft, change, outOfReach, partial, setPartial } = props;
  const translate = useTranslate();
  const lookups = useLookups();
  const name = lookups.member(draft.member);
  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      <Typography>
        {translate(`pools.handOver.sentence.${draft.kind}`, { name, from: draft.from || translate('pools.handOver.now'), to: draft.to })}
      </Typography>
      <Box>
        <Typography variant="subtitle2" sx={{ mb: 0.5 }}>
          {translate('pools.handOver.tasks')}
        </Typography>
        <ToggleButtonGroup
          exclusive
          size="small"
          value={draft.tasks}
          onChange={(_event, tasks: Draft['tasks'] | null) => tasks && change({ tasks })}
        >
          <ToggleButton value="hand-over">{translate('pools.handOver.tasksGo')}</ToggleButton>
          <ToggleButton value="close">{translate('pools.handOver.tasksClose')}</ToggleButton>
        </ToggleButtonGroup>
      </Box>
      {draft.kind === 'leave' && (
        <TextField
          select
          label={translate('pools.handOver.automatic')}
          value={draft.automatic}
          onChange={(event) => change({ automatic: event.target.value as Draft['automatic'] })}
          sx={{ maxWidth: 420 }}
        >
          {AUTOMATIC_RETURNS.map((one) => (
            <MenuItem key={one} value={one}>
              {translate(`pools.handOver.automaticKind.${one}`)}
            </MenuItem>
          ))}
        </TextField>
      )}
      {outOfReach > 0 && (
        <FormControlLabel
          control={<Checkbox size="small" checked={partial} onChange={(_event, on) => setPartial(on)} />}
          label={<Typography variant="body2">{translate('pools.handOver.partial', { smart_count: outOfReach })}</Typography>}
        />
      )}
      <Typography variant="body2" color="text.secondary">
        {translate('pools.handOver.undoable')}
      </Typography>
    </Box>
  );
};

/** Hands the leads of a person over in three steps; beside them what would move, and to whom. */
export const Wizard = ({ close, done }: { close: () => void; done: (handOver: HandOver) => void }) => {
  const translate = useTranslate();
  const time = useTime();
  const notify = useNotify();
  const refusal = useRefusalText();
  const client = useQueryClient();
  const changed = useLeadsChanged();
  const me = useMe().member.id;
  const { forOthers } = usePoolDuties();
  const [draft, setDraft] = useState<Draft>({ ...EMPTY_DRAFT, member: forOthers ? null : me });
  const [step, setStep] = useState(0);
  const [busy, setBusy] = useState(false);
  const [partial, setPartial] = useState(false);
  const change: Change = (part) => setDraft((old) => ({ ...old, ...part }));
  const settled = useDeferredValue(draft);
  const plan = useMemo(() => planOf(settled, time.fromLocalInput), [settled, time]);
  /** Until somebody is chosen to receive, the numbers are shown as if all went home to their pools. */
  const asked = useMemo(
    () => plan ?? planOf({ ...settled, split: [{ when: null, to: { type: 'home' } }] }, time.fromLocalInput),
    [plan, settled, time],
  );
  const preview = useQuery({
    queryKey: ['handovers', 'preview', asked],
    queryFn: () => (asked ? handOvers.preview(asked) : Promise.reject(new Error('no plan'))),
    enabled: asked !== null,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const outOfReach = preview.data?.outOfReach ?? 0;
  const ready =
    [
      draft.member !== null && datesAreSound(draft),
      plan !== null,
      plan !== null && !preview.isFetching && !preview.error && (outOfReach === 0 || partial),
    ][step] ?? false;
  const start = async (): Promise<void> => {
    if (!plan) return;
    setBusy(true);
    try {
      const made = await handOvers.start({ ...plan, automatic: draft.automatic, partial });
      changed();
      await client.invalidateQueries({ queryKey: ['handovers'] });
      notify(translate('pools.handOver.done', { smart_count: made.moved || made.leads }), { type: 'success' });
      done(made);
    } catch (error) {
      notify(refusal(error), { type: 'error' });
    } finally {
      setBusy(false);
    }
  };
  const last = step === STEPS.length - 1;
  return (
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 1fr) 400px' }, alignItems: 'start' }}>
      <Panel title={translate('pools.handOver.new')}>
        <Stepper activeStep={step} sx={{ mb: 3, mt: 0.5 }}>
          {STEPS.map((name) => (
            <Step key={name}>
              <StepLabel>{translate(`pools.handOver.step.${name}`)}</StepLabel>
            </Step>
          ))}
        </Stepper>
        {step === 0 && <WhoStep draft={draft} change={change} />}
        {step === 1 && <SplitStep draft={draft} change={change} />}
        {step === 2 && <CheckStep draft={draft} change={change} outOfReach={outOfReach} partial={partial} setPartial={setPartial} />}
        <Box sx={{ display: 'flex', gap: 1, mt: 3 }}>
          <Button color="inherit" onClick={close}>
            {translate('ra.action.cancel')}
          </Button>
          <Box sx={{ flex: 1 }} />
          {step > 0 && (
            <Button variant="outlined" onClick={() => setStep(step - 1)}>
              {translate('ra.action.back')}
            </Button>
          )}
          <Button variant="contained" disabled={!ready || busy} onClick={() => (last ? void start() : setStep(step + 1))}>
            {translate(last ? 'pools.handOver.start' : 'pools.handOver.next')}
          </Button>
        </Box>
      </Panel>
      <Panel title={translate('pools.handOver.preview')}>
        <PreviewPanel
          preview={asked ? (plan || !preview.data ? preview.data : { ...preview.data, targets: [] }) : undefined}
          pending={asked !== null && preview.isFetching}
          error={preview.error}
          retry={() => void preview.refetch()}
        />
      </Panel>
    </Box>
  );
};
