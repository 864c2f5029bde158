import DeleteIcon from '@mui/icons-material/DeleteOutline';
import { Autocomplete, Box, IconButton, MenuItem, TextField } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useMeta } from '../../api/session-context';
import type { Meta } from '../../api/types';
import { useLookups } from '../../common/lookups';
import type { SplitTarget } from '../duty-api';

type Person = Meta['members'][number];
const TYPES = ['shares', 'member', 'team', 'home', 'pool'] as const;

/** A colleague by name; those of the same name are told apart by their team. */
export const PersonIn = (props: {
  label: string;
  value: number | null;
  exclude?: readonly number[];
  onChange: (id: number | null) => void;
  autoFocus?: boolean;
  disabled?: boolean;
}) => {
  const meta = useMeta();
  const lookups = useLookups();
  const people = [...meta.members].filter((one) => !props.exclude?.includes(one.id)).sort((a, b) => (a.teamId ?? 0) - (b.teamId ?? 0));
  return (
    <Autocomplete<Person>
      disabled={props.disabled ?? false}
      options={people}
      value={meta.members.find((one) => one.id === props.value) ?? null}
      onChange={(_event, person) => props.onChange(person?.id ?? null)}
      getOptionLabel={(person) => person.name}
      getOptionKey={(person) => person.id}
      groupBy={(person) => lookups.team(person.teamId)}
      isOptionEqualToValue={(a, b) => a.id === b.id}
      renderInput={(input) => <TextField {...input} label={props.label} autoFocus={props.autoFocus} required />}
      sx={{ minWidth: 200, flex: 1 }}
    />
  );
};

const SharesIn = (props: {
  shares: readonly { member: number; weight: number }[];
  exclude: readonly number[];
  onChange: (shares: readonly { member: number; weight: number }[]) => void;
}) => {
  const translate = useTranslate();
  const lookups = useLookups();
  const { shares, onChange } = props;
  const total = shares.reduce((sum, share) => sum + share.weight, 0);
  return (
    <Box sx={{ display: 'grid', gap: 1, width: '100%' }}>
      {shares.map((share, index) => (
        <Box key={share.member} sx={{ display: 'flex', alignItems: 'center', gap: 1 }}>
          <Box sx={{ flex: 1, fontSize: 13, fontWeight: 600 }}>{lookups.member(share.member)}</Box>
          <TextField
            type="number"
            value={share.weight}
            onChange={(event) =>
              onChange(
                shares.map((one, at) =>
                  at === index ? { ...one, weight: Math.max(1, Math.floor(Number(event.target.value) || 1)) } : one,
                ),
              )
            }
            slotProps={{
              htmlInput: { min: 1, 'aria-label': translate('pools.handOver.weightOf', { name: lookups.member(share.member) }) },
            }}
            sx={{ width: 80 }}
          />
          <Box sx={{ width: 44, fontSize: 12, color: 'text.secondary', textAlign: 'right' }}>
            {total > 0 ? `${Math.round((share.weight / total) * 100)} %` : '–'}
          </Box>
          <IconButton aria-label={translate('setup.kit.remove')} onClick={() => onChange(shares.filter((_share, at) => at !== index))}>
            <DeleteIcon fontSize="small" />
          </IconButton>
        </Box>
      ))}
      <PersonIn
        key={shares.length}
        label={translate('pools.handOver.addPerson')}
        value={null}
        exclude={[...props.exclude, ...shares.map((share) => share.member)]}
        onChange={(member) => member !== null && onChange([...shares, { member, weight: 1 }])}
      />
    </Box>
  );
};

/** Who receives the leads of one rule. */
export const TargetIn = (props: { value: SplitTarget | null; leaver: number | null; onChange: (target: SplitTarget | null) => void }) => {
  const translate = useTranslate();
  const meta = useMeta();
  const { value, onChange } = props;
  const exclude = props.leaver === null ? [] : [props.leaver];
  const blank = (type: (typeof TYPES)[number]): SplitTarget =>
    type === 'home' ? { type } : type === 'shares' ? { type, shares: [] } : { type, id: 0 };
  const choices = value?.type === 'team' ? meta.teams : value?.type === 'pool' ? meta.pools : [];
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
      <TextField
        select
        label={translate('pools.handOver.to2')}
        value={value?.type ?? ''}
        onChange={(event) => onChange(blank(event.target.value as (typeof TYPES)[number]))}
        sx={{ minWidth: 200 }}
      >
        {TYPES.map((type) => (
          <MenuItem key={type} value={type}>
            {translate(`pools.handOver.target.${type}`)}
          </MenuItem>
        ))}
      </TextField>
      {value?.type === 'member' && (
        <PersonIn
          label={translate('fields.owner')}
          value={value.id || null}
          exclude={exclude}
          onChange={(id) => onChange({ type: 'member', id: id ?? 0 })}
        />
      )}
      {(value?.type === 'team' || value?.type === 'pool') && (
        <TextField
          select
          label={translate(`fields.${value.type}`)}
          value={value.id || ''}
          onChange={(event) => onChange({ type: value.type, id: Number(event.target.value) })}
          sx={{ minWidth: 200, flex: 1 }}
        >
          {choices.map((choice) => (
            <MenuItem key={choice.id} value={choice.id}>
              {choice.name}
            </MenuItem>
          ))}
        </TextField>
      )}
      {value?.type === 'shares' && (
        <SharesIn shares={value.shares} exclude={exclude} onChange={(shares) => onChange({ type: 'shares', shares })} />
      )}
    </Box>
  );
};
