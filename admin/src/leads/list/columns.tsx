import LockIcon from '@mui/icons-material/LockOutlined';
import type { ReactNode } from 'react';
import { useMemo } from 'react';
import { useTranslate } from 'ra-core';
import { Link } from 'react-router-dom';
import { useAccess, useMeta } from '../../api/session-context';
import type { CustomField, Lead, Locale } from '../../api/types';
import { GradeBadge, LabelMark, StageChip } from '../../common/badges';
import { Countdown, When } from '../../common/countdown';
import { showCode, showCustom, showMoney, showNumber } from '../../common/values';
import { useLookups, type Lookups } from '../../common/lookups';
import { useLocaleCode, useText } from '../../common/text';
import { useTime, type TimeFormats } from '../../common/time';
import { RecycleLeft } from '../../pools/lead/recycle-left';
import { QuietMark } from '../../pools/quiet/quiet-mark';
import { showCount } from '../../i18n/counts';

export interface Column {
  key: string;
  label: string;
  width: number;
  /** Server field to sort by; absent = cannot be sorted. */
  sort?: string;
  align?: 'right';
  render: (lead: Lead) => ReactNode;
}

export const DEFAULT_COLUMNS = [
  'name',
  'company',
  'grade',
  'score',
  'label',
  'stage',
  'clock',
  'recycleAt',
  'owner',
  'pool',
  'source',
  'lastFollowUpAt',
];

interface Tools {
  lookups: Lookups;
  time: TimeFormats;
  locale: Locale;
  productName: (key: string | null | undefined) => string;
}

const dim = (text: string): ReactNode => (text ? <span className="dim">{text}</span> : null);

/** A value the role may only see in part carries a small lock. */
export const masked = (lead: Lead, field: 'email' | 'phone' | 'wechat' | 'name'): ReactNode =>
  lead._masked?.includes(field) && lead[field] ? (
    <span className="dim">
      <LockIcon sx={{ fontSize: 12, mr: 0.5, verticalAlign: '-1px' }} />
      {lead[field]}
    </span>
  ) : (
    lead[field]
  );

/** The keyboard's way into a row that opens on click. */
const NameLink = ({ lead }: { lead: Lead }) => (
  <Link to={`/leads/${lead.id}`} className="open" onClick={(event) => event.stopPropagation()}>
    {masked(lead, 'name') || `#${lead.id}`}
    <QuietMark until={lead.doNotContactUntil} />
  </Link>
);

type Plain = Omit<Column, 'label' | 'render'> & { access?: string; render: (lead: Lead, tools: Tools) => ReactNode };

const PLAIN: Plain[] = [
  { key: 'name', width: 176, sort: 'name', render: (lead) => <NameLink lead={lead} /> },
  { key: 'company', width: 208, sort: 'company', render: (lead) => lead.company },
  { key: 'grade', width: 72, sort: 'grade', render: (lead) => <GradeBadge grade={lead.grade} /> },
  { key: 'score', width: 84, sort: 'score', align: 'right', render: (lead) => showCount(lead.score) },
  { key: 'label', width: 88, sort: 'label', render: (lead) => <LabelMark label={lead.label} /> },
  { key: 'stage', width: 150, sort: 'stage', render: (lead) => <StageChip stage={lead.stage} /> },
  { key: 'clock', width: 112, access: '*', render: (lead) => <Countdown clock={lead.clock} /> },
  { key: 'owner', width: 120, sort: 'owner', render: (lead, { lookups }) => lookups.member(lead.owner) },
  { key: 'keptFor', width: 120, sort: 'keptFor', render: (lead, { lookups }) => lookups.member(lead.keptFor) },
  { key: 'pool', width: 128, sort: 'pool', render: (lead, { lookups }) => lookups.pool(lead.pool) },
  { key: 'source', width: 128, sort: 'source', render: (lead, { lookups }) => dim(lookups.source(lead.source)) },
  { key: 'lastFollowUpAt', width: 128, sort: 'lastFollowUpAt', render: (lead) => <When at={lead.lastFollowUpAt} /> },
  { key: 'nextActionAt', width: 128, sort: 'nextActionAt', render: (lead) => <When at={lead.nextActionAt} late /> },
  { key: 'recycleAt', width: 128, sort: 'recycleAt', render: (lead) => <RecycleLeft lead={lead} extend /> },
  { key: 'doNotContactUntil', width: 128, sort: 'doNotContactUntil', render: (lead, { time }) => dim(time.date(lead.doNotContactUntil)) },
  { key: 'capturedAt', width: 144, sort: 'capturedAt', render: (lead, { time }) => dim(time.dateTime(lead.capturedAt)) },
  { key: 'createdAt', width: 144, sort: 'createdAt', render: (lead, { time }) => dim(time.dateTime(lead.createdAt)) },
  { key: 'stageEnteredAt', width: 144, sort: 'stageEnteredAt', render: (lead, { time }) => dim(time.dateTime(lead.stageEnteredAt)) },
  { key: 'heldSince', width: 144, sort: 'heldSince', render: (lead, { time }) => dim(time.dateTime(lead.heldSince)) },
  { key: 'poolEnteredAt', width: 144, sort: 'poolEnteredAt', render: (lead, { time }) => dim(time.dateTime(lead.poolEnteredAt)) },
  { key: 'team', width: 120, sort: 'team', render: (lead, { lookups }) => lookups.team(lead.team) },
  { key: 'title', width: 144, sort: 'title', render: (lead) => lead.title },
  { key: 'email', width: 200, render: (lead) => masked(lead, 'email') },
  { key: 'phone', width: 144, render: (lead) => masked(lead, 'phone') },
  { key: 'wechat', width: 128, render: (lead) => masked(lead, 'wechat') },
  { key: 'fitScore', width: 72, sort: 'fitScore', align: 'right', render: (lead) => showCount(lead.fitScore) },
  { key: 'engagement', width: 88, sort: 'engagement', align: 'right', render: (lead) => showCount(lead.engagement) },
  { key: 'productScore', width: 104, sort: 'productScore', align: 'right', render: (lead) => showCount(lead.productScore) },
  { key: 'topProduct', width: 128, sort: 'topProduct', render: (lead, { productName }) => productName(lead.topProduct) },
  { key: 'industry', width: 128, sort: 'industry', render: (lead) => lead.industry },
  { key: 'employees', width: 96, sort: 'employees', align: 'right', render: (lead, { locale }) => showNumber(lead.employees, locale) },
  {
    key: 'annualRevenue',
    width: 144,
    sort: 'annualRevenue',
    align: 'right',
    render: (lead, { locale }) => showMoney(lead.annualRevenue, lead.currency, locale),
  },
  { key: 'country', width: 96, sort: 'country', render: (lead, { locale }) => showCode(lead.country, 'region', locale) },
  { key: 'province', width: 112, sort: 'province', render: (lead) => lead.province },
  { key: 'city', width: 112, sort: 'city', render: (lead) => lead.city },
  { key: 'medium', width: 112, sort: 'medium', render: (lead) => dim(lead.medium ?? '') },
  { key: 'product', width: 144, sort: 'product', render: (lead) => lead.product },
  { key: 'campaign', width: 144, sort: 'campaign', render: (lead) => dim(lead.campaign ?? '') },
  { key: 'cycle', width: 72, sort: 'cycle', align: 'right', render: (lead) => lead.cycle ?? 1 },
  { key: 'recycleCount', width: 88, sort: 'recycleCount', align: 'right', render: (lead) => showCount(lead.recycleCount || null) },
];

const customColumn = (field: CustomField, label: string, tools: Tools, text: ReturnType<typeof useText>): Column => ({
  key: `custom.${field.key}`,
  label,
  width: field.type === 'boolean' ? 88 : 136,
  align: field.type === 'number' || field.type === 'integer' || field.type === 'money' ? 'right' : undefined,
  sort: `custom.${field.key}`,
  render: (lead) =>
    showCustom(field, lead.custom?.[field.key], { locale: tools.locale, time: tools.time, text, member: tools.lookups.member }),
});

/** The score of one product; only those above zero are kept. */
const productColumn = (key: string, label: string): Column => ({
  key: `productScores.${key}`,
  label,
  width: 104,
  align: 'right',
  sort: `productScores.${key}`,
  render: (lead) => showCount(lead.productScores?.[key]),
});

/** Keys of the built-in columns; a column that shows more than one field says which field a layout would call it. */
export const PLAIN_COLUMNS: readonly string[] = PLAIN.map(({ key }) => key);

/** Which columns are shown until the member chooses his own: as laid out for his role, else the usual ones. */
export const useDefaultColumns = (): readonly string[] => {
  const { layouts } = useMeta();
  return useMemo(() => {
    const laidOut = layouts?.leads?.list?.columns.map(({ field }) => field);
    return laidOut ? [...new Set(['name', ...laidOut])] : DEFAULT_COLUMNS;
  }, [layouts]);
};

/** Every column this member may see, built-in first, then the custom fields. */
export const useColumns = (): Column[] => {
  const translate = useTranslate();
  const access = useAccess();
  const lookups = useLookups();
  const meta = useMeta();
  const time = useTime();
  const locale = useLocaleCode();
  const text = useText();
  return useMemo(() => {
    const products = (meta.products ?? []).map(({ key, label }) => ({ key, label: text(label) }));
    const productName: Tools['productName'] = (key) => products.find((one) => one.key === key)?.label ?? key ?? '';
    const widths = new Map(meta.layouts?.leads?.list?.columns.map(({ field, width }) => [field, width]));
    const tools: Tools = { lookups, time, locale, productName };
    const visible = (name: string): boolean => access.field('leads', name) !== 'hidden';
    const plain = PLAIN.filter((column) => visible(column.access ?? column.key)).map(({ render, ...column }) => ({
      ...column,
      label: translate(`fields.${column.key}`),
      render: (lead: Lead) => render(lead, tools),
    }));
    const custom = lookups.leadFields
      .filter((field) => visible(`custom.${field.key}`))
      .map((field) => customColumn(field, text(field.label) || field.key, tools, text));
    const scored = products
      .filter(() => visible('productScores'))
      .map(({ key, label }) => productColumn(key, `${translate('fields.productScore')} · ${label}`));
    return [...plain, ...scored, ...custom].map((column) => ({ ...column, width: widths.get(column.key) ?? column.width }));
  }, [translate, access, lookups, meta, time, locale, text]);
};
