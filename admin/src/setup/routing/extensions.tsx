import type { ExtensionDescription, ParamMeta } from '@leadsea/lead-routing/contracts/extending';
import { Box, FormControlLabel, MenuItem, TextField, Typography } from '@mui/material';
import { useMeta } from '../../api/session-context';
import { useText } from '../../common/text';
import { useField } from '../kit/form-context';
import { Hint } from '../kit/inputs';
import { Row } from '../kit/section';
import { Toggle } from '../kit/toggle';

interface Extensions {
  readonly rankings: readonly ExtensionDescription[];
  readonly destinations: readonly ExtensionDescription[];
}
const NONE: Extensions = { rankings: [], destinations: [] };

/** Rankings and destinations that implementers have added to this installation. */
export const useExtensions = (): Extensions => useMeta().routing?.extensions ?? NONE;

interface Property extends ParamMeta {
  readonly type?: string;
  readonly enum?: readonly (string | number)[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly description?: string;
}

const propertiesOf = (schema: ExtensionDescription['schema']): [string, Property][] =>
  Object.entries((schema['properties'] as Readonly<Record<string, Property>> | undefined) ?? {});

const ParamIn = ({ path, name, property }: { path: string; name: string; property: Property }) => {
  const text = useText();
  const field = useField<unknown>(path);
  const label = property.label ? text(property.label) : name;
  const help = property.help ? text(property.help) : property.description;
  const value = field.value ?? property.default;
  if (property.type === 'boolean')
    return (
      <Box>
        <FormControlLabel
          label={<Typography variant="body2">{label}</Typography>}
          control={<Toggle checked={value === true} disabled={field.readOnly} onChange={(_event, on) => field.set(on)} />}
          sx={{ ml: -0.5, gap: 0.5, minHeight: 34 }}
        />
        <Hint error={field.error} help={help} />
      </Box>
    );
  const isNumber = property.type === 'number' || property.type === 'integer';
  const shown = typeof value === 'string' || typeof value === 'number' ? value : '';
  const read = (typed: string): unknown => (isNumber ? (typed === '' ? undefined : Number(typed)) : typed);
  return (
    <TextField
      label={label}
      value={shown}
      select={property.enum !== undefined}
      type={isNumber && !property.enum ? 'number' : undefined}
      disabled={field.readOnly}
      error={Boolean(field.error)}
      helperText={field.error ?? help}
      onChange={(event) => field.set(read(event.target.value))}
      slotProps={{ htmlInput: { min: property.minimum, max: property.maximum, step: property.type === 'integer' ? 1 : 'any' } }}
      sx={{ minWidth: 200 }}
    >
      {property.enum?.map((one) => (
        <MenuItem key={one} value={one}>
          {text(property.options?.[one]) || one}
        </MenuItem>
      ))}
    </TextField>
  );
};

/** The parameters of an extension, drawn from its JSON schema, each with its default until somebody sets it. */
export const ExtensionParams = ({ path, extension }: { path: string; extension: ExtensionDescription | undefined }) => {
  const text = useText();
  if (!extension) return null;
  return (
    <>
      {extension.help && (
        <Typography variant="caption" color="text.secondary">
          {text(extension.help)}
        </Typography>
      )}
      <Row>
        {propertiesOf(extension.schema).map(([name, property]) => (
          <ParamIn key={name} path={`${path}.${name}`} name={name} property={property} />
        ))}
      </Row>
    </>
  );
};
