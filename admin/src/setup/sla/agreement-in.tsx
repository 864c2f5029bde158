import { Box, TextField } from '@mui/material';
import { useTranslate } from 'ra-core';
import type { LocalisedText } from '../../api/types';
import { useField } from '../kit/form-context';

/** The agreement as both sides read it, in both languages. */
export const AgreementIn = ({ path, label }: { path: string; label?: string }) => {
  const translate = useTranslate();
  const field = useField<LocalisedText | null>(path);
  const value = field.value ?? { zh: '', en: '' };
  const change = (language: 'zh' | 'en', text: string): void => {
    const next = { ...value, [language]: text };
    field.set(next.zh === '' && next.en === '' ? null : next);
  };
  return (
    <Box sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr' }, gap: 1 }}>
      {(['zh', 'en'] as const).map((language) => (
        <TextField
          key={language}
          multiline
          minRows={3}
          label={`${label ?? translate('setup.sla.text')} · ${language === 'zh' ? '中文' : 'English'}`}
          value={value[language]}
          disabled={field.readOnly}
          error={Boolean(field.error)}
          onChange={(event) => change(language, event.target.value)}
        />
      ))}
    </Box>
  );
};
