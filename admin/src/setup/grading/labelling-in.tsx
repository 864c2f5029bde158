import type { GradingModel, Heat } from '@leadsea/lead-grading/contracts/model';
import { Box, Button, ButtonBase, MenuItem, TextField } from '@mui/material';
import { useTheme } from '@mui/material/styles';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { useText } from '../../common/text';
import { labelColour } from '../../theme/theme';
import { useField } from '../kit/form-context';
import { LabelIn, NumberIn } from '../kit/inputs';
import { Row } from '../kit/section';

const LETTERS = ['A', 'B', 'C', 'D'] as const;
const NUMBERS = [1, 2, 3, 4] as const;
const NEXT: Record<Heat, Heat> = { hot: 'warm', warm: 'cold', cold: 'hot' };

/** hot, warm or cold: by a grid of letter and number, where a click goes to the next one, or by the total score. */
export const LabellingIn = ({ by }: { by: 'grid' | 'score' }) => {
  const translate = useTranslate();
  const theme = useTheme();
  const field = useField<GradingModel['labelling']>('labelling');
  const text = useText();
  const [naming, setNaming] = useState(false);
  const names: Partial<Record<string, { zh: string; en: string }>> = (field.value?.by === 'grid' ? field.value.names : undefined) ?? {};
  const cells: Partial<Record<string, Heat>> = field.value?.by === 'grid' ? field.value.cells : {};
  return (
    <>
      <TextField
        select
        label={translate('setup.grading.labelBy')}
        value={by}
        disabled={field.readOnly}
        onChange={(event) =>
          field.set(event.target.value === 'grid' ? { by: 'grid', cells: { A1: 'hot' } } : { by: 'score', hot: 60, warm: 30 })
        }
        sx={{ maxWidth: 320 }}
      >
        <MenuItem value="grid">{translate('setup.grading.byGrid')}</MenuItem>
        <MenuItem value="score">{translate('setup.grading.byScore')}</MenuItem>
      </TextField>
      {by === 'score' ? (
        <Row>
          <NumberIn path="labelling.hot" words="setup.grading.hotFrom" />
          <NumberIn path="labelling.warm" words="setup.grading.warmFrom" />
        </Row>
      ) : (
        <Box
          sx={{ display: 'grid', gridTemplateColumns: '24px repeat(4, minmax(60px, 110px))', gap: 0.5, alignItems: 'center', fontSize: 13 }}
        >
          <span />
          {NUMBERS.map((number) => (
            <Box key={number} sx={{ textAlign: 'center', color: 'text.secondary' }}>
              {number}
            </Box>
          ))}
          {LETTERS.map((letter) => [
            <b key={letter}>{letter}</b>,
            ...NUMBERS.map((number) => {
              const heat = cells[`${letter}${number}`] ?? 'cold';
              const ink = labelColour(theme, heat);
              return (
                <ButtonBase
                  key={number}
                  disabled={field.readOnly}
                  aria-label={`${letter}${number}: ${translate(`label.${heat}`)}`}
                  onClick={() => field.set({ ...field.value, by: 'grid', cells: { ...cells, [`${letter}${number}`]: NEXT[heat] } })}
                  sx={{ height: 36, borderRadius: 1, fontWeight: 600, color: ink, bgcolor: `color-mix(in srgb, ${ink} 14%, transparent)` }}
                >
                  {text(names[`${letter}${number}`]) || translate(`label.${heat}`)}
                </ButtonBase>
              );
            }),
          ])}
        </Box>
      )}
      {by === 'grid' && (
        <Button color="inherit" onClick={() => setNaming(!naming)} aria-expanded={naming} sx={{ justifySelf: 'start' }}>
          {translate('setup.grading.nameCells')}
        </Button>
      )}
      {by === 'grid' && naming && (
        <Box sx={{ display: 'grid', gap: 1.5 }}>
          {LETTERS.flatMap((letter) =>
            NUMBERS.map((number) => {
              const cell = `${letter}${number}`;
              return names[cell] ? (
                <Box key={cell} sx={{ display: 'flex', gap: 1, alignItems: 'flex-start' }}>
                  <Box sx={{ width: 28, pt: 1, fontWeight: 650 }}>{cell}</Box>
                  <LabelIn path={`labelling.names.${cell}`} words="setup.grading.cellName" sx={{ flex: 1 }} />
                </Box>
              ) : null;
            }),
          )}
          {!field.readOnly && field.value?.by === 'grid' && (
            <TextField
              select
              label={translate('setup.grading.addCellName')}
              value=""
              onChange={(event) => {
                const name = translate(`label.${cells[event.target.value] ?? 'cold'}`);
                field.set({ ...field.value, names: { ...names, [event.target.value]: { zh: name, en: name } } });
              }}
              sx={{ width: 220 }}
            >
              {LETTERS.flatMap((letter) =>
                NUMBERS.filter((number) => !names[`${letter}${number}`]).map((number) => (
                  <MenuItem key={`${letter}${number}`} value={`${letter}${number}`}>{`${letter}${number}`}</MenuItem>
                )),
              )}
            </TextField>
          )}
        </Box>
      )}
    </>
  );
};
