import { LAYOUT_RESOURCES, ENTITY_OF_LAYOUT, type FormLayout, type Layout } from '@leadsea/crm-core/contracts/layout';
import { Box, Checkbox, FormControlLabel, MenuItem, TextField, Typography } from '@mui/material';
import { useGetList, useTranslate, type RaRecord } from 'ra-core';
import { useDirectory } from '../kit/directory';
import { useText } from '../../common/text';

/** Layouts a new field is put on, each with the section of a form; undefined = its last one. */
export type Places = ReadonlyMap<number, string | undefined>;

/** The layouts there are for a kind of record; none while `enabled` is false. */
export const useLayoutsOf = (entity: string, enabled: boolean): readonly Layout[] => {
  const { data } = useGetList<Layout & RaRecord>(
    'layouts',
    { pagination: { page: 1, perPage: 200 }, sort: { field: 'id', order: 'ASC' } },
    { enabled },
  );
  return enabled ? (data ?? []).filter(({ resource }) => LAYOUT_RESOURCES.includes(resource) && ENTITY_OF_LAYOUT[resource] === entity) : [];
};

const sectionsOf = ({ view, body }: Layout): FormLayout['sections'] => (view === 'form' ? (body as FormLayout).sections : []);

/** On which of the forms and lists that are laid out a new field shall stand, and where. */
export const PlaceIn = (props: { layouts: readonly Layout[]; places: Places; onChange: (places: Places) => void }) => {
  const { layouts, places, onChange } = props;
  const translate = useTranslate();
  const text = useText();
  const { roles } = useDirectory();
  const nameOf = (role: string | null): string =>
    role === null ? translate('setup.field.placeEverybody') : (roles.find(({ value }) => value === role)?.label ?? role);
  const toggle = (id: number, on: boolean): void =>
    onChange(on ? new Map([...places, [id, undefined]]) : new Map([...places].filter(([other]) => other !== id)));
  return (
    <Box component="fieldset" sx={{ border: 1, borderColor: 'divider', borderRadius: 1, px: 2, py: 1, m: 0 }}>
      <Typography component="legend" variant="subtitle2" sx={{ px: 0.5 }}>
        {translate('setup.field.place')}
      </Typography>
      <Typography variant="caption" color="text.secondary">
        {translate('setup.field.placeHelp')}
      </Typography>
      {layouts.map((layout) => {
        const sections = sectionsOf(layout);
        const on = places.has(layout.id);
        return (
          <Box key={layout.id} sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 1, minHeight: 44 }}>
            <FormControlLabel
              sx={{ flex: 1, minWidth: 180 }}
              control={<Checkbox size="small" checked={on} onChange={(_event, checked) => toggle(layout.id, checked)} />}
              label={
                <Typography variant="body2">{translate(`setup.field.placeView.${layout.view}`, { role: nameOf(layout.role) })}</Typography>
              }
            />
            {on && sections.length > 1 && (
              <TextField
                select
                size="small"
                label={translate('setup.field.placeSection')}
                value={places.get(layout.id) ?? sections[sections.length - 1]?.key ?? ''}
                onChange={({ target }) => onChange(new Map([...places, [layout.id, target.value]]))}
                sx={{ width: 160 }}
              >
                {sections.map((section) => (
                  <MenuItem key={section.key} value={section.key}>
                    {text(section.label)}
                  </MenuItem>
                ))}
              </TextField>
            )}
          </Box>
        );
      })}
    </Box>
  );
};
