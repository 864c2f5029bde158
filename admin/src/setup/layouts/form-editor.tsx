import AddIcon from '@mui/icons-material/Add';
import DeleteIcon from '@mui/icons-material/DeleteOutline';
import DownIcon from '@mui/icons-material/ArrowDownward';
import UpIcon from '@mui/icons-material/ArrowUpward';
import { DragDropContext, type DropResult } from '@hello-pangea/dnd';
import type { FormLayout, FormSection } from '@leadsea/crm-core/contracts/layout';
import { Box, Button, FormControlLabel, IconButton, MenuItem, TextField, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { Toggle } from '../kit/toggle';
import { moved } from '../kit/tree';
import { changeSection, moveField, OFF, placedFields, placeOf, sectionKey } from './body';
import { DropArea } from './drop-area';
import { FieldChip } from './field-chip';
import type { LayoutFields } from './use-layout-fields';
import { showCount } from '../../i18n/counts';

interface EditorProps {
  readonly body: FormLayout;
  readonly onChange: (body: FormLayout) => void;
  readonly fields: LayoutFields;
  readonly readOnly: boolean;
}

const SectionHead = (props: {
  section: FormSection;
  change: (part: Partial<FormSection>) => void;
  up: (() => void) | null;
  down: (() => void) | null;
  remove: (() => void) | null;
  readOnly: boolean;
}) => {
  const translate = useTranslate();
  const { section, change, readOnly } = props;
  const name = (language: 'zh' | 'en', words: string) => (
    <TextField
      label={`${translate('setup.layout.section')} · ${words}`}
      value={section.label[language]}
      disabled={readOnly}
      error={section.label[language].trim() === ''}
      onChange={({ target }) => change({ label: { ...section.label, [language]: target.value } })}
      sx={{ flex: 1, minWidth: 110 }}
    />
  );
  const tool = (key: string, run: (() => void) | null, Icon: typeof UpIcon) => (
    <IconButton size="small" disabled={!run || readOnly} onClick={() => run?.()} aria-label={`${translate(key)}: ${section.label.en}`}>
      <Icon sx={{ fontSize: 16 }} />
    </IconButton>
  );
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center', mb: 1 }}>
      {name('zh', '中文')}
      {name('en', 'English')}
      <TextField
        select
        label={translate('setup.layout.columns')}
        value={section.columns ?? 2}
        disabled={readOnly}
        onChange={({ target }) => change({ columns: Number(target.value) as 1 | 2 | 3 })}
        sx={{ width: 76 }}
      >
        {[1, 2, 3].map((count) => (
          <MenuItem key={count} value={count}>
            {showCount(count)}
          </MenuItem>
        ))}
      </TextField>
      <FormControlLabel
        control={
          <Toggle
            checked={section.collapsed ?? false}
            disabled={readOnly}
            onChange={(_event, on) => change({ collapsed: on || undefined })}
          />
        }
        label={<Typography variant="body2">{translate('setup.layout.collapsed')}</Typography>}
        sx={{ mr: 0 }}
      />
      <Box sx={{ ml: 'auto', display: 'flex' }}>
        {tool('ra.action.move_up', props.up, UpIcon)}
        {tool('ra.action.move_down', props.down, DownIcon)}
        {tool('setup.layout.removeSection', props.remove, DeleteIcon)}
      </Box>
    </Box>
  );
};

/** Sections and fields of a form, moved with the mouse, the keyboard or their buttons. */
export const FormEditor = ({ body, onChange, fields, readOnly }: EditorProps) => {
  const translate = useTranslate();
  const placed = new Set(placedFields(body));
  const off = fields.names.filter((name) => !placed.has(name));
  const drop = ({ source, destination }: DropResult): void => {
    if (!destination) return;
    onChange(moveField(body, off, placeOf(source.droppableId, source.index), placeOf(destination.droppableId, destination.index)));
  };
  const last = body.sections.length - 1;
  const add = (): void => {
    const label = { zh: `分区 ${body.sections.length + 1}`, en: `Section ${body.sections.length + 1}` };
    onChange({ sections: [...body.sections, { key: sectionKey(body), label, fields: [] }] });
  };
  const move = (at: number, to: number): void => onChange({ sections: moved(body.sections, at, to) });
  return (
    <DragDropContext onDragEnd={drop}>
      {body.sections.map((section, at) => (
        <Box
          key={section.key}
          component="section"
          aria-label={section.label.en}
          sx={{ border: 1, borderColor: 'divider', borderRadius: 1, p: 1.25, mb: 1.5, bgcolor: 'background.paper' }}
        >
          <SectionHead
            section={section}
            change={(part) => onChange(changeSection(body, at, part))}
            up={at > 0 ? () => move(at, at - 1) : null}
            down={at < last ? () => move(at, at + 1) : null}
            remove={body.sections.length > 1 ? () => onChange({ sections: body.sections.filter((_one, index) => index !== at) }) : null}
            readOnly={readOnly}
          />
          <DropArea id={`section:${at}`} empty={translate('setup.layout.emptySection')} count={section.fields.length} readOnly={readOnly}>
            {section.fields.map((name, index) => (
              <FieldChip
                key={name}
                name={name}
                label={fields.label(name)}
                index={index}
                required={fields.required.has(name)}
                readOnly={readOnly}
                placed
                onMove={() => onChange(moveField(body, off, { list: at, index }, { list: OFF, index: 0 }))}
              />
            ))}
          </DropArea>
        </Box>
      ))}
      {!readOnly && (
        <Button startIcon={<AddIcon />} onClick={add} sx={{ mb: 2 }}>
          {translate('setup.layout.addSection')}
        </Button>
      )}
      <Typography variant="subtitle2" component="h2" sx={{ mb: 0.5 }}>
        {translate('setup.layout.off')}
      </Typography>
      <DropArea id={OFF} empty={translate('setup.layout.allPlaced')} count={off.length} readOnly={readOnly}>
        {off.map((name, index) => (
          <FieldChip
            key={name}
            name={name}
            label={fields.label(name)}
            index={index}
            required={fields.required.has(name)}
            readOnly={readOnly}
            placed={false}
            onMove={() =>
              onChange(moveField(body, off, { list: OFF, index }, { list: last, index: body.sections[last]?.fields.length ?? 0 }))
            }
          />
        ))}
      </DropArea>
    </DragDropContext>
  );
};
