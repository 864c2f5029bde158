import type { PlainDestination } from '@leadsea/lead-routing/contracts/destination';
import { destinationOf, destinationText } from '../../../../plugins/lead-routing/contracts/table';
import { Autocomplete, TextField } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useMemo } from 'react';
import { useDirectory } from '../kit/directory';

interface Option {
  readonly group: string;
  readonly text: string;
  readonly label: string;
}

const useOptions = (): readonly Option[] => {
  const translate = useTranslate();
  const directory = useDirectory();
  return useMemo(() => {
    const of = (kind: 'team' | 'pool' | 'role' | 'member', choices: readonly { value: string; label: string }[]): Option[] =>
      choices.map(({ value, label }) => ({ group: translate(`setup.routing.groups.${kind}`), text: `${kind}:${value}`, label }));
    return [
      ...of('team', directory.teams),
      ...of('pool', directory.pools),
      ...of('role', directory.roles),
      ...of('member', directory.members),
    ];
  }, [directory, translate]);
};

/** A team, pool, role or person in one box: for rows of tables and fallbacks. */
export const RowDestination = (props: {
  value: PlainDestination | undefined;
  onChange: (to: PlainDestination) => void;
  disabled: boolean;
  label?: string;
  error?: string;
}) => {
  const translate = useTranslate();
  const options = useOptions();
  const directory = useDirectory();
  const { value: given } = props;
  const id = given?.kind === 'member' ? (given.id ?? directory.idByEmail.get(given.email ?? '')) : undefined;
  const text = id !== undefined ? `member:${id}` : given ? destinationText(given) : '';
  const known = options.find((option) => option.text === text);
  const value = known ?? (text ? { group: translate('setup.routing.groups.other'), text, label: text } : null);
  return (
    <Autocomplete
      size="small"
      autoHighlight
      disableClearable={value !== null}
      disabled={props.disabled}
      options={known || !value ? [...options] : [...options, value]}
      groupBy={(option) => option.group}
      getOptionKey={(option) => option.text}
      getOptionLabel={(option) => option.label}
      isOptionEqualToValue={(a, b) => a.text === b.text}
      value={value}
      onChange={(_event, chosen) => {
        const to = chosen ? destinationOf(chosen.text) : null;
        if (to) props.onChange(to);
      }}
      renderInput={(params) => (
        <TextField
          {...params}
          label={props.label}
          placeholder={translate('setup.routing.tableTo')}
          error={Boolean(props.error)}
          helperText={props.error}
          slotProps={{ htmlInput: { ...params.inputProps, 'aria-label': props.label ?? translate('setup.routing.tableTo') } }}
        />
      )}
      sx={{ minWidth: 190 }}
    />
  );
};
