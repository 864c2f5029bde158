import AddIcon from '@mui/icons-material/Add';
import DeleteIcon from '@mui/icons-material/DeleteOutline';
import { Autocomplete, Box, Button, IconButton, TextField } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useText } from '../../common/text';
import { useFacts } from '../../conditions/use-facts';

export interface Change {
  readonly field: string;
  readonly value: string;
}

const PREFIX = 'lead.';
/** What machines keep is not typed in. */
const KEPT = new Set(['owner', 'pool', 'team', 'account', 'stage', 'quarantine', 'score', 'grade', 'label', 'isTest', 'emailDomain']);

const typed = (value: string): unknown => (/^-?\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : value);

/** Changed values as a lead takes them, custom fields under `custom`. */
export function valuesOf(changes: readonly Change[]): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  const custom: Record<string, unknown> = {};
  for (const { field, value } of changes) {
    if (field === '') continue;
    if (field.startsWith('custom.')) custom[field.slice(7)] = typed(value);
    else values[field] = ['employees', 'annualRevenue'].includes(field) ? typed(value) : value;
  }
  return Object.keys(custom).length > 0 ? { ...values, custom } : values;
}

/** Values of the lead that are different for this one try. */
export const ChangesIn = ({ changes, onChange }: { changes: readonly Change[]; onChange: (changes: readonly Change[]) => void }) => {
  const translate = useTranslate();
  const text = useText();
  const fields = useFacts('lead')
    .list.filter(({ key, type, args }) => key.startsWith(PREFIX) && !args?.length && ['text', 'number', 'select'].includes(type))
    .map(({ key, label }) => ({ value: key.slice(PREFIX.length), label: text(label) }))
    .filter(({ value }) => !KEPT.has(value));
  const change = (index: number, part: Partial<Change>): void =>
    onChange(changes.map((one, at) => (at === index ? { ...one, ...part } : one)));
  return (
    <Box sx={{ display: 'grid', gap: 1 }}>
      {changes.map((one, index) => (
        <Box key={index} sx={{ display: 'flex', gap: 1 }}>
          <Autocomplete
            size="small"
            autoHighlight
            options={fields}
            value={fields.find((field) => field.value === one.field) ?? null}
            isOptionEqualToValue={(a, b) => a.value === b.value}
            onChange={(_event, chosen) => change(index, { field: chosen?.value ?? '' })}
            renderInput={(params) => <TextField {...params} label={translate('setup.routing.changeField')} />}
            sx={{ flex: 1, minWidth: 0 }}
          />
          <TextField
            label={translate('setup.routing.changeValue')}
            value={one.value}
            onChange={(event) => change(index, { value: event.target.value })}
            sx={{ flex: 1, minWidth: 0 }}
          />
          <IconButton aria-label={translate('setup.kit.remove')} onClick={() => onChange(changes.filter((_one, at) => at !== index))}>
            <DeleteIcon fontSize="small" />
          </IconButton>
        </Box>
      ))}
      <Button startIcon={<AddIcon />} sx={{ justifySelf: 'start' }} onClick={() => onChange([...changes, { field: '', value: '' }])}>
        {translate('setup.routing.addChange')}
      </Button>
    </Box>
  );
};
