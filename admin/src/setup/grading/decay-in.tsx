import type { Decay } from '@leadsea/lead-grading/contracts/model';
import { MenuItem, TextField } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useMeta } from '../../api/session-context';
import type { Meta } from '../../api/types';
import { useText } from '../../common/text';
import { useField } from '../kit/form-context';
import { NumberIn } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Row } from '../kit/section';
import { DecayPicture } from './decay-curve';

const BLANK: Record<Exclude<Decay['type'], 'custom'>, Decay> = {
  none: { type: 'none' },
  'half-life': { type: 'half-life', days: 30 },
  linear: { type: 'linear', percent: 50, days: 30 },
  step: { type: 'step', steps: [{ afterDays: 30, percent: 50 }] },
  inactivity: { type: 'inactivity', afterDays: 14, percent: 25, everyDays: 7 },
};
const OWN = ['none', 'half-life', 'linear', 'step', 'inactivity'] as const;
/** Choices of the select: the product's own by type, an implementer's by kind. */
const CUSTOM = 'custom:';

type DecayKind = NonNullable<Meta['decays']>[number];
const blankOf = (choice: string, kinds: readonly DecayKind[]): Decay => {
  if (!choice.startsWith(CUSTOM)) return BLANK[choice as keyof typeof BLANK];
  const kind = choice.slice(CUSTOM.length);
  const params = kinds.find((one) => one.kind === kind)?.params ?? [];
  return { type: 'custom', kind, params: Object.fromEntries(params.map((param) => [param.key, param.default])) };
};

/** One number of a registered decay. */
const ParamIn = ({ path, param }: { path: string; param: DecayKind['params'][number] }) => {
  const text = useText();
  const field = useField<number | undefined>(path);
  return (
    <TextField
      type="number"
      label={text(param.label)}
      value={field.value ?? param.default}
      disabled={field.readOnly}
      error={Boolean(field.error)}
      helperText={field.error ?? `${param.min} – ${param.max}`}
      onChange={(event) => field.set(event.target.value === '' ? undefined : Number(event.target.value))}
      slotProps={{ htmlInput: { min: param.min, max: param.max, step: 'any' } }}
      sx={{ width: 150 }}
    />
  );
};

/** How points of behaviour fade with time. */
export const DecayIn = ({ path }: { path: string }) => {
  const translate = useTranslate();
  const text = useText();
  const kinds = useMeta().decays ?? [];
  const field = useField<Decay>(path);
  const type = field.value?.type ?? 'none';
  const chosen = field.value?.type === 'custom' ? field.value.kind : null;
  const custom = kinds.find(({ kind }) => kind === chosen);
  return (
    <>
      <Row>
        <TextField
          select
          data-place={path}
          label={translate('setup.grading.decay')}
          helperText={type === 'custom' ? text(custom?.help ?? null) : translate(`setup.grading.decayHelp.${type}`)}
          value={chosen === null ? type : `${CUSTOM}${chosen}`}
          disabled={field.readOnly}
          onChange={(event) => field.set(blankOf(event.target.value, kinds))}
          sx={{ minWidth: 260, maxWidth: 420 }}
        >
          {OWN.map((one) => (
            <MenuItem key={one} value={one}>
              {translate(`setup.grading.decays.${one}`)}
            </MenuItem>
          ))}
          {kinds.map(({ kind, label }) => (
            <MenuItem key={kind} value={`${CUSTOM}${kind}`}>
              {text(label)}
            </MenuItem>
          ))}
          {chosen !== null && !custom && (
            <MenuItem value={`${CUSTOM}${chosen}`}>{translate('setup.grading.decayGone', { kind: chosen })}</MenuItem>
          )}
        </TextField>
        {custom?.params.map((param) => (
          <ParamIn key={param.key} path={`${path}.params.${param.key}`} param={param} />
        ))}
        {type === 'inactivity' && <NumberIn path={`${path}.afterDays`} words="setup.grading.idleDays" min={1} max={3650} />}
        {(type === 'linear' || type === 'inactivity') && (
          <NumberIn path={`${path}.percent`} words="setup.grading.percent" min={1} max={100} />
        )}
        {(type === 'half-life' || type === 'linear') && <NumberIn path={`${path}.days`} words="setup.grading.days" min={1} max={3650} />}
        {type === 'inactivity' && <NumberIn path={`${path}.everyDays`} words="setup.grading.everyDays" min={1} max={3650} />}
      </Row>
      {type === 'step' && (
        <ListIn<{ afterDays: number; percent: number }>
          path={`${path}.steps`}
          add={translate('setup.grading.addStep')}
          blank={(steps) => ({ afterDays: (steps.at(-1)?.afterDays ?? 0) + 30, percent: 25 })}
          render={(step) => (
            <Row>
              <NumberIn path={`${step}.afterDays`} words="setup.grading.afterDays" min={1} max={3650} />
              <NumberIn path={`${step}.percent`} words="setup.grading.percentLeft" min={0} max={100} />
            </Row>
          )}
        />
      )}
      {field.value && type !== 'none' && <DecayPicture decay={field.value} />}
    </>
  );
};
