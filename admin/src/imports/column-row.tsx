import TuneIcon from '@mui/icons-material/Tune';
import WarnIcon from '@mui/icons-material/WarningAmber';
import { Autocomplete, Box, Collapse, IconButton, TextField, Tooltip } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { useText } from '../common/text';
import { ColumnOptionsIn } from './column-options';
import { choiceOf, CREATE, withChoice } from './mapping';
import type { ColumnMapping, ImportRecord, ImportTarget } from './types';

interface Target {
  value: string;
  label: string;
  group: string;
}
const SURE = 0.6;

const useTargets = (column: ColumnMapping, { kind, targets = [] }: Pick<ImportRecord, 'kind' | 'targets'>): Target[] => {
  const translate = useTranslate();
  const text = useText();
  const groups: Record<ImportTarget['group'], string> = {
    record: translate(`imports.groupRecord.${kind}`),
    lead: translate('imports.groupLead'),
    custom: translate('setup.condition.group.custom'),
    state: translate('imports.groupState'),
  };
  const label = ({ key, group, label: own }: ImportTarget): string => {
    if (kind !== 'leads' || group === 'custom') return text(own) || key;
    return group === 'state' ? translate(`imports.target.${key}`) : translate(`fields.${key}`, { _: text(own) });
  };
  const first: Target[] = [{ value: '', label: translate('imports.skip'), group: '' }];
  if (column.create) first.push({ value: CREATE, label: translate('imports.create', { name: text(column.create.label) }), group: '' });
  const order = (['lead', 'record', 'custom', 'state'] as const).flatMap((group) => targets.filter((target) => target.group === group));
  return [
    ...first,
    ...order.flatMap((target): Target[] => [
      { value: target.key, label: label(target), group: groups[target.group] },
      ...(kind === 'leads' && target.key === 'name'
        ? (['given', 'family'] as const).map((part) => ({
            value: `name.${part}`,
            label: translate(`imports.name.${part}`),
            group: groups.record,
          }))
        : []),
    ]),
  ];
};

/** One column: its name, examples, where it goes, and how its cells are read. */
export const ColumnRow = (props: {
  record: Pick<ImportRecord, 'kind' | 'targets'>;
  column: ColumnMapping;
  examples: readonly string[];
  clash: boolean;
  change: (column: ColumnMapping) => void;
}) => {
  const { column } = props;
  const translate = useTranslate();
  const targets = useTargets(column, props.record);
  const [open, setOpen] = useState(false);
  const choice = choiceOf(column);
  const current = targets.find((target) => target.value === choice) ?? { value: choice, label: choice, group: '' };
  const unsure = column.target !== null && column.confidence !== undefined && column.confidence < SURE;
  return (
    <Box
      sx={{
        borderTop: 1,
        borderColor: 'divider',
        '&:first-of-type': { borderTop: 0 },
        px: 1.5,
        py: 1,
        opacity: column.target === null ? 0.75 : 1,
      }}
    >
      <Box
        sx={{
          display: 'grid',
          gridTemplateColumns: { xs: '1fr auto', md: 'minmax(0,1.2fr) minmax(0,1.6fr) minmax(220px,1.2fr) 36px' },
          gap: 1,
          alignItems: 'center',
        }}
      >
        <Box sx={{ fontWeight: 600, fontSize: 13, overflowWrap: 'anywhere' }}>{column.column}</Box>
        <Box
          sx={{
            fontSize: 12.5,
            color: 'text.secondary',
            overflow: 'hidden',
            textOverflow: 'ellipsis',
            whiteSpace: 'nowrap',
            gridColumn: { xs: '1 / -1', md: 'auto' },
          }}
        >
          {props.examples.join(' · ') || translate('imports.noValues')}
        </Box>
        <Autocomplete
          size="small"
          disableClearable
          autoHighlight
          options={targets}
          groupBy={(target) => target.group}
          getOptionKey={(target) => target.value}
          isOptionEqualToValue={(a, b) => a.value === b.value}
          value={current}
          onChange={(_event, target) => props.change({ ...withChoice(column, target.value), confidence: 1 })}
          renderInput={(params) => (
            <TextField
              {...params}
              error={props.clash}
              helperText={props.clash ? translate('imports.clash') : undefined}
              slotProps={{
                htmlInput: { ...params.inputProps, 'aria-label': translate('imports.targetOf', { column: column.column }) },
                input: {
                  ...params.InputProps,
                  startAdornment: unsure ? (
                    <Tooltip title={translate('imports.unsure')}>
                      <WarnIcon fontSize="small" color="warning" sx={{ ml: 0.5 }} />
                    </Tooltip>
                  ) : undefined,
                },
              }}
            />
          )}
        />
        <Tooltip title={translate('imports.reading')}>
          <span>
            <IconButton
              disabled={column.target === null}
              color={open ? 'primary' : 'default'}
              onClick={() => setOpen(!open)}
              aria-expanded={open}
              aria-label={translate('imports.reading')}
            >
              <TuneIcon fontSize="small" />
            </IconButton>
          </span>
        </Tooltip>
      </Box>
      <Collapse in={open && column.target !== null} unmountOnExit>
        <ColumnOptionsIn kind={props.record.kind} column={column} change={props.change} />
      </Collapse>
    </Box>
  );
};
