import { useGetMany, useTranslate } from 'ra-core';
import { Link } from 'react-router-dom';
import type { Account } from '../api/types';
import { ToneChip } from '../common/badges';
import { useLookups } from '../common/lookups';
import type { PlainColumn } from '../common/plain-table';
import { useLocaleCode } from '../common/text';
import { useTime } from '../common/time';
import { showMoney } from '../common/values';
import { RecordLink } from '../common/record-link';
import { useCustomColumns } from '../layouts/list-columns';
import { STATE_TONE, type Opportunity } from './types';

const AccountLink = ({ id, name }: { id: number; name: string | undefined }) => (
  <Link to={`/accounts/${id}`} onClick={(event) => event.stopPropagation()}>
    {name ?? `#${id}`}
  </Link>
);

/** Every column the list of opportunities can have, the company's own fields included; accounts are named in one request for the page. */
export const useDealColumns = (rows: readonly Opportunity[]): PlainColumn<Opportunity>[] => {
  const translate = useTranslate();
  const lookups = useLookups();
  const locale = useLocaleCode();
  const time = useTime();
  const custom = useCustomColumns<Opportunity>('opportunities');
  const ids = [...new Set(rows.flatMap(({ account }) => account ?? []))];
  const known = useGetMany<Account>('accounts', { ids }, { enabled: ids.length > 0 });
  const accounts = new Map((known.data ?? []).filter(Boolean).map((account) => [account.id, account.name]));
  return [
    {
      key: 'name',
      label: translate('opp.name'),
      sort: 'name',
      render: (deal) => <RecordLink to={`/leads/${deal.lead ?? ''}`}>{deal.name}</RecordLink>,
    },
    {
      key: 'state',
      label: translate('opp.state'),
      sort: 'state',
      render: (deal) => <ToneChip text={translate(`opp.states.${deal.state}`)} tone={STATE_TONE[deal.state]} />,
    },
    {
      key: 'amount',
      label: translate('opp.amount'),
      sort: 'amount',
      align: 'right',
      render: (deal) => showMoney(deal.amount, deal.currency, locale),
    },
    {
      key: 'probability',
      label: translate('opp.probability'),
      sort: 'probability',
      align: 'right',
      wideOnly: true,
      render: (deal) => (typeof deal.probability === 'number' ? `${deal.probability} %` : ''),
    },
    {
      key: 'expectedAt',
      label: translate('opp.expected'),
      sort: 'expectedAt',
      wideOnly: true,
      render: (deal) => time.date(deal.expectedAt),
    },
    { key: 'closedAt', label: translate('opp.closed'), sort: 'closedAt', wideOnly: true, render: (deal) => time.date(deal.closedAt) },
    { key: 'owner', label: translate('fields.owner'), sort: 'owner', wideOnly: true, render: (deal) => lookups.member(deal.owner) },
    {
      key: 'promises',
      label: translate('sla.lineage.title'),
      wideOnly: true,
      render: (deal) => (deal.promises ? translate('sla.lineage.line', { ...deal.promises }) : ''),
    },
    { key: 'reason', label: translate('opp.reason'), wideOnly: true, render: (deal) => deal.reason },
    {
      key: 'account',
      label: translate('opp.account'),
      wideOnly: true,
      render: (deal) => deal.account && <AccountLink id={deal.account} name={accounts.get(deal.account)} />,
    },
    { key: 'createdAt', label: translate('opp.made'), sort: 'createdAt', wideOnly: true, render: (deal) => time.date(deal.createdAt) },
    ...custom,
  ];
};
