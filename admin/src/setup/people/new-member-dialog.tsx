import { useTranslate } from 'ra-core';
import { useMe } from '../../api/session-context';
import { useLocaleCode } from '../../common/text';
import { useDirectory } from '../kit/directory';
import { ManyIn, SwitchIn, TextIn } from '../kit/inputs';
import { RecordDialog } from '../kit/record-dialog';
import { Row } from '../kit/section';
import { CalendarIn, LanguageIn, PasswordIn, RefIn, ZoneIn } from './member-inputs';
import { isComplete, isPassword, toNewMember, type NewMember } from './new-member';
import { useTeamsById } from './use-teams';

/** A new person with an account to sign in with. The rest (skills, capacity, leave) is in the dialog of the member. */
export const NewMemberDialog = ({ close, invited }: { close: () => void; invited: (id: number) => Promise<void> }) => {
  const translate = useTranslate();
  const directory = useDirectory();
  const teams = useTeamsById();
  const { member } = useMe();
  const locale = useLocaleCode();
  return (
    <RecordDialog<NewMember>
      resource="members"
      title={translate('setup.people.addMember')}
      initial={{
        name: '',
        email: '',
        byMail: true,
        password: '',
        team: null,
        roles: [],
        calendarKey: null,
        timeZone: member.timeZone,
        locale,
      }}
      toSend={toNewMember}
      valid={isComplete}
      saved={(record, body) => (body.byMail ? invited(record.id) : Promise.resolve())}
      close={close}
    >
      {(body) => (
        <>
          <TextIn path="name" words="setup.people.personName" />
          <TextIn path="email" words="setup.people.email" />
          <SwitchIn path="byMail" words="setup.people.byMail" />
          {!body.byMail && <PasswordIn words="setup.people.firstPassword" />}
          <ManyIn path="roles" words="setup.people.rolesOf" choices={directory.roles} />
          <Row>
            <RefIn path="team" words="setup.people.team" choices={teams} none={translate('setup.kit.none')} />
            <CalendarIn />
          </Row>
          <Row>
            <ZoneIn />
            <LanguageIn />
          </Row>
        </>
      )}
    </RecordDialog>
  );
};

/** Gives a member a new password, which whoever sets it passes on. */
export const PasswordDialog = ({ id, name, close }: { id: number; name: string; close: () => void }) => {
  const translate = useTranslate();
  return (
    <RecordDialog
      resource="members"
      postTo={`/members/${id}/password`}
      refusals="password"
      title={translate('setup.people.passwordOf', { name })}
      initial={{ password: '' }}
      valid={(body) => isPassword(body.password)}
      close={close}
    >
      {() => <PasswordIn words="setup.people.newPassword" />}
    </RecordDialog>
  );
};
