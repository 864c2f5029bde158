import type { AucResult, LeakResult } from '@leadsea/lead-grading/contracts/study';
import WarnIcon from '@mui/icons-material/WarningAmber';
import { Box, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import type { ReactNode } from 'react';
import { Panel } from '../../common/panel';
import { useText } from '../../common/text';
import { showCount } from '../../i18n/counts';

export const percent = (share: number, digits = 0): string => `${(share * 100).toFixed(digits)}%`;

/** A number that matters, with what it is and how sure it is. */
export const Figure = ({ label, value, detail }: { label: string; value: string; detail?: ReactNode }) => (
  <Box
    role="group"
    aria-label={label}
    sx={{ border: 1, borderColor: 'divider', borderRadius: 1, bgcolor: 'background.paper', p: 1.5, minWidth: 0 }}
  >
    <Typography variant="caption" color="text.secondary" component="div">
      {label}
    </Typography>
    <Box sx={{ fontSize: 24, fontWeight: 650, lineHeight: 1.3 }}>{value}</Box>
    <Typography variant="caption" color="text.secondary" component="div" sx={{ minHeight: 18 }}>
      {detail}
    </Typography>
  </Box>
);

export const Figures = ({ children }: { children: ReactNode }) => (
  <Box sx={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(150px, 1fr))', gap: 1.5 }}>{children}</Box>
);

export const AucFigure = ({ label, auc }: { label: string; auc: AucResult | null }) => {
  const translate = useTranslate();
  return (
    <Figure
      label={label}
      value={auc ? auc.auc.toFixed(3) : '–'}
      detail={
        auc ? translate('setup.lab.interval', { low: auc.low.toFixed(3), high: auc.high.toFixed(3) }) : translate('setup.lab.noValue')
      }
    />
  );
};

export const TwoColumns = ({ children }: { children: ReactNode }) => (
  <Box sx={{ display: 'grid', gridTemplateColumns: { xs: 'minmax(0,1fr)', md: 'repeat(2, minmax(0,1fr))' }, gap: 2 }}>{children}</Box>
);

/** Fields that know the outcome, why they are taken for it, and the rules that read them. */
export const Leaks = ({ leaks }: { leaks: readonly LeakResult[] }) => {
  const translate = useTranslate();
  const text = useText();
  return (
    <Panel title={translate('setup.lab.leaks')}>
      <Typography variant="body2" color="text.secondary" sx={{ mb: 1 }}>
        {translate(leaks.length === 0 ? 'setup.lab.noLeaks' : 'setup.lab.leaksHint')}
      </Typography>
      <Box component="ul" sx={{ listStyle: 'none', p: 0, m: 0, display: 'grid', gap: 1 }}>
        {leaks.map((leak) => (
          <Box component="li" key={leak.field} sx={{ display: 'flex', gap: 1, fontSize: 13 }}>
            <WarnIcon fontSize="small" sx={{ color: leak.rules.length > 0 ? 'error.main' : 'warning.main', flex: 'none' }} />
            <Box sx={{ minWidth: 0, overflowWrap: 'anywhere' }}>
              {text(leak.text)}
              {leak.rules.length > 0 && (
                <Box sx={{ color: 'error.main', fontSize: 12 }}>{translate('setup.lab.usedBy', { rules: leak.rules.join(', ') })}</Box>
              )}
            </Box>
          </Box>
        ))}
      </Box>
    </Panel>
  );
};

/** A dense table of numbers; the first column is text. */
export const Numbers = ({ head, rows, label }: { head: readonly string[]; rows: readonly (readonly ReactNode[])[]; label: string }) => (
  <Box sx={{ overflowX: 'auto' }}>
    <Box
      component="table"
      aria-label={label}
      sx={{
        width: '100%',
        borderCollapse: 'collapse',
        fontSize: 13,
        '& th': { color: 'text.secondary', fontWeight: 500, fontSize: 12, whiteSpace: 'nowrap' },
        '& th, & td': { textAlign: 'right', px: 1, py: 0.5, borderBottom: 1, borderColor: 'divider', fontVariantNumeric: 'tabular-nums' },
        '& th:first-of-type, & td:first-of-type': { textAlign: 'left', pl: 0 },
      }}
    >
      <thead>
        <tr>
          {head.map((cell) => (
            <th key={cell} scope="col">
              {cell}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={index}>
            {row.map((cell, column) => (
              <td key={column}>{typeof cell === 'number' ? showCount(cell) : cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </Box>
  </Box>
);
