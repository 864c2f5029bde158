import { useTranslate } from 'ra-core';
import type { Account } from '../api/types';
import { useLookups } from '../common/lookups';
import type { PlainColumn } from '../common/plain-table';
import { useLocaleCode } from '../common/text';
import { showCode, showNumber } from '../common/values';
import { RecordLink } from '../common/record-link';
import { useCustomColumns } from '../layouts/list-columns';

/** Every column the list of accounts can have, the company's own fields included. */
export const useAccountColumns = (): PlainColumn<Account>[] => {
  const translate = useTranslate();
  const lookups = useLookups();
  const locale = useLocaleCode();
  const custom = useCustomColumns<Account>('accounts');
  return [
    {
      key: 'name',
      label: translate('fields.company'),
      sort: 'name',
      render: (account) => <RecordLink to={`/accounts/${account.id}`}>{account.name}</RecordLink>,
    },
    { key: 'industry', label: translate('fields.industry'), sort: 'industry', wideOnly: true, render: (account) => account.industry },
    { key: 'leads', label: translate('menu.leads'), align: 'right', render: (account) => showNumber(account.leads, locale) },
    {
      key: 'employees',
      label: translate('fields.employees'),
      sort: 'employees',
      align: 'right',
      wideOnly: true,
      render: (account) => showNumber(account.employees, locale),
    },
    { key: 'city', label: translate('fields.city'), sort: 'city', wideOnly: true, render: (account) => account.city },
    {
      key: 'country',
      label: translate('fields.country'),
      sort: 'country',
      wideOnly: true,
      render: (account) => showCode(account.country, 'region', locale),
    },
    { key: 'owner', label: translate('fields.owner'), sort: 'owner', render: (account) => lookups.member(account.owner) },
    { key: 'website', label: translate('fields.website'), sort: 'website', wideOnly: true, render: (account) => account.website },
    { key: 'phone', label: translate('fields.phone'), wideOnly: true, render: (account) => account.phone },
    { key: 'province', label: translate('fields.province'), sort: 'province', wideOnly: true, render: (account) => account.province },
    { key: 'team', label: translate('fields.team'), sort: 'team', wideOnly: true, render: (account) => lookups.team(account.team) },
    ...custom,
  ];
};
