import type { DecisionTable } from '@leadsea/lead-routing/contracts/destination';
import { Autocomplete, TextField } from '@mui/material';
import { useTranslate } from 'ra-core';
import type { Choice } from '../kit/inputs';
import { useSame } from '../../common/use-same';

const MOST = 8;

/** Which facts are the columns of a table, in their order. */
export const ColumnsIn = (props: {
  table: DecisionTable;
  choices: readonly Choice[];
  disabled: boolean;
  onChange: (columns: readonly string[]) => void;
}) => {
  const translate = useTranslate();
  const chosen = useSame([...props.table.columns]);
  const labels = new Map(props.choices.map((choice) => [choice.value, choice.label]));
  return (
    <Autocomplete
      multiple
      size="small"
      disableCloseOnSelect
      disabled={props.disabled}
      options={props.choices.map((choice) => choice.value)}
      getOptionLabel={(value) => labels.get(value) ?? value}
      getOptionDisabled={() => props.table.columns.length >= MOST}
      value={chosen}
      onChange={(_event, columns) => props.onChange(columns)}
      renderInput={(params) => <TextField {...params} label={translate('setup.routing.columns')} />}
    />
  );
};
