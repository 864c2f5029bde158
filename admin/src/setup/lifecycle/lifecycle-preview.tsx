import { Box, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import type { LocalisedText } from '../../api/types';
import { useText } from '../../common/text';
import { Facts } from '../kit/facts';
import type { PreviewProps } from '../policy/types';

interface Counted {
  readonly key: string;
  readonly label: LocalisedText | null;
  readonly leads: number;
}
interface Preview {
  readonly stages?: readonly Counted[];
  readonly orphans?: readonly Counted[];
  readonly moves?: readonly {
    readonly from: string;
    readonly to: string;
    readonly leads: number;
    readonly newly: number;
    readonly dropped: number;
  }[];
}

/** How many leads stand in each stage, whose stage the draft no longer has, and which would be moved by the product. */
export const LifecyclePreview = ({ preview }: PreviewProps) => {
  const translate = useTranslate();
  const text = useText();
  const { stages = [], orphans = [], moves = [] } = preview as Preview;
  const name = (key: string): string => text([...stages, ...orphans].find((stage) => stage.key === key)?.label ?? undefined) || key;
  return (
    <Box sx={{ display: 'grid', gap: 1.5 }}>
      {orphans.length > 0 && (
        <Box role="alert" sx={{ fontSize: 13, color: 'error.main' }}>
          {orphans.map((stage) => (
            <Box key={stage.key}>{translate('setup.lifecycle.preview.orphans', { smart_count: stage.leads, stage: name(stage.key) })}</Box>
          ))}
        </Box>
      )}
      <Typography variant="subtitle2">{translate('setup.lifecycle.preview.stages')}</Typography>
      <Facts facts={stages.map((stage) => ({ label: text(stage.label ?? undefined) || stage.key, value: stage.leads }))} />
      {moves.length > 0 && (
        <Box>
          <Typography variant="subtitle2">{translate('setup.lifecycle.preview.moves')}</Typography>
          <Facts
            facts={moves.map((move) => ({
              label: `${move.from === '*' ? translate('setup.lifecycle.preview.any') : name(move.from)} → ${name(move.to)}`,
              value: move.leads,
              added: move.newly,
              removed: move.dropped,
            }))}
          />
        </Box>
      )}
    </Box>
  );
};
