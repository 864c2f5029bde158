import { Box, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import type { LocalisedText } from '../../api/types';
import { useText } from '../../common/text';
import { Facts } from '../kit/facts';
import type { PreviewProps } from '../policy/types';

interface Missed {
  readonly values: readonly (string | null)[];
  readonly leads: number;
}
interface TableReport {
  readonly rule: string;
  readonly label: LocalisedText;
  readonly leads: number;
  readonly unmatched: readonly Missed[];
  readonly ambiguous: readonly Missed[];
  readonly unused: readonly number[];
}

const MOST = 10;

/** What a table leaves over: values no row takes, values several take, rows nobody hits. */
const TableReportBox = ({ report }: { report: TableReport }) => {
  const translate = useTranslate();
  const text = useText();
  const words = (key: string, options = {}): string => translate(`setup.routing.tables.${key}`, options);
  const lines = (rows: readonly Missed[]) =>
    rows.slice(0, MOST).map((row) => ({ label: row.values.map((value) => value ?? words('none')).join(' · '), value: row.leads }));
  const isClean = report.unmatched.length + report.ambiguous.length === 0;
  return (
    <Box sx={{ display: 'grid', gap: 0.75, borderTop: 1, borderColor: 'divider', pt: 1 }}>
      <Typography variant="subtitle2">{words('title', { name: text(report.label) || report.rule })}</Typography>
      {isClean && <Typography variant="body2">{words(report.leads > 0 ? 'all' : 'idle')}</Typography>}
      {report.unmatched.length > 0 && (
        <>
          <Typography variant="caption">{words('unmatched')}</Typography>
          <Facts facts={lines(report.unmatched)} />
        </>
      )}
      {report.ambiguous.length > 0 && (
        <>
          <Typography variant="caption">{words('ambiguous')}</Typography>
          <Facts facts={lines(report.ambiguous)} />
        </>
      )}
      {report.unused.length > 0 && (
        <Typography variant="caption" color="text.secondary">
          {words('unused', {
            rows:
              report.unused
                .slice(0, MOST)
                .map((row) => row + 1)
                .join(', ') + (report.unused.length > MOST ? ' …' : ''),
          })}
        </Typography>
      )}
    </Box>
  );
};

interface RoutingPreviewBody {
  days?: number;
  total?: number;
  unowned?: number;
  tables?: readonly TableReport[];
  notForThisPolicy?: { recent: number; unowned: number };
  rules?: { key: string; label: LocalisedText; recent: number; unowned: number; added?: number; removed?: number }[];
  gone?: { key: string; label: LocalisedText; removed?: number }[];
}

/** By which rule the leads of the last days would be taken, and which of them another one takes now. */
export const RoutingPreview = ({ preview }: PreviewProps) => {
  const translate = useTranslate();
  const text = useText();
  const body: RoutingPreviewBody = preview;
  const others = body.notForThisPolicy ?? { recent: 0, unowned: 0 };
  return (
    <Box sx={{ display: 'grid', gap: 1 }}>
      <Typography variant="body2" color="text.secondary">
        {translate('setup.routing.preview.recent', { smart_count: body.days ?? 30 })}
      </Typography>
      <Facts
        facts={[
          ...(body.rules ?? []).map((rule) => ({
            label: text(rule.label) || rule.key,
            value: rule.recent,
            added: rule.added,
            removed: rule.removed,
          })),
          ...(body.gone ?? []).map((rule) => ({
            label: translate('setup.kit.gone', { name: text(rule.label) || rule.key }),
            value: 0,
            removed: rule.removed,
          })),
          { label: translate('setup.routing.preview.total'), value: (body.total ?? 0) - others.recent },
          ...(others.recent > 0 ? [{ label: translate('setup.routing.preview.others'), value: others.recent }] : []),
          { label: translate('setup.routing.preview.unowned'), value: (body.unowned ?? 0) - others.unowned },
        ]}
      />
      {body.tables?.map((report) => (
        <TableReportBox key={report.rule} report={report} />
      ))}
    </Box>
  );
};
