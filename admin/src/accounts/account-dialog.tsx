import { useTranslate } from 'ra-core';
import { useAccess } from '../api/session-context';
import type { Account } from '../api/types';
import { useDirectory } from '../setup/kit/directory';
import { NumberIn, TextIn } from '../setup/kit/inputs';
import { RecordDialog } from '../setup/kit/record-dialog';
import { Row } from '../setup/kit/section';
import { HALF, RefIn } from '../setup/people/member-inputs';

type Texts = 'name' | 'website' | 'industry' | 'country' | 'province' | 'city' | 'phone';
type Body = Record<Texts, string | null> & {
  employees?: number | null;
  annualRevenue?: number | null;
  owner: number | null;
};

const amount = (value: number | string | null | undefined): number | null =>
  value === null || value === undefined || value === '' ? null : Number(value);

const bodyOf = (account: Account | null): Body => ({
  name: account?.name ?? '',
  website: account?.website ?? null,
  industry: account?.industry ?? null,
  country: account?.country ?? null,
  province: account?.province ?? null,
  city: account?.city ?? null,
  phone: account?.phone ?? null,
  employees: account?.employees ?? null,
  annualRevenue: amount(account?.annualRevenue),
  owner: account?.owner ?? null,
});

/** A company, new or known. Only what the role may write is asked and sent; a masked value is never sent back. */
export const AccountDialog = ({ account, close, saved }: { account: Account | null; close: () => void; saved?: (id: number) => void }) => {
  const translate = useTranslate();
  const access = useAccess();
  const directory = useDirectory();
  const mayWrite = (name: keyof Body): boolean => access.field('accounts', name) === 'write' && !account?._masked?.includes(name);
  const toSend = (body: Body): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries({ employees: null, annualRevenue: null, ...body })
        .filter(([name, value]) => mayWrite(name as keyof Body) && (account !== null || (value !== null && value !== '')))
        .map(([name, value]) => [name, value === '' || value === undefined ? null : value]),
    );
  const text = (name: Texts, half = true) =>
    mayWrite(name) && <TextIn key={name} path={name} words={`fields.${name === 'name' ? 'company' : name}`} sx={half ? HALF : undefined} />;
  return (
    <RecordDialog<Body>
      resource="accounts"
      {...(account ? { id: account.id } : {})}
      title={account?.name ?? translate('accounts.add')}
      initial={bodyOf(account)}
      toSend={toSend}
      valid={(body) => (body.name ?? '').trim() !== ''}
      saved={async (record) => saved?.(record.id)}
      close={close}
    >
      {() => (
        <>
          {text('name', false)}
          <Row>
            {text('website')}
            {text('industry')}
          </Row>
          <Row>
            {mayWrite('employees') && <NumberIn path="employees" words="fields.employees" min={0} optional sx={HALF} />}
            {mayWrite('annualRevenue') && <NumberIn path="annualRevenue" words="fields.annualRevenue" min={0} optional sx={HALF} />}
          </Row>
          <Row>
            {text('country')}
            {text('province')}
          </Row>
          <Row>
            {text('city')}
            {text('phone')}
          </Row>
          {mayWrite('owner') && <RefIn path="owner" words="fields.owner" choices={directory.members} none={translate('setup.kit.none')} />}
        </>
      )}
    </RecordDialog>
  );
};
