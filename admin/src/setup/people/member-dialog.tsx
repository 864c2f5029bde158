import KeyIcon from '@mui/icons-material/KeyOutlined';
import MailIcon from '@mui/icons-material/MailOutline';
import LeaveIcon from '@mui/icons-material/PersonOffOutlined';
import { Button } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { useMe } from '../../api/session-context';
import { useDirectory } from '../kit/directory';
import { ManyIn, NumberIn, SelectIn, SwitchIn, TextIn } from '../kit/inputs';
import { RecordDialog } from '../kit/record-dialog';
import { Row } from '../kit/section';
import { CalendarIn, HALF, InstantIn, LanguageIn, RefIn, ZoneIn } from './member-inputs';
import { PasswordDialog } from './new-member-dialog';
import { useTeamsById } from './use-teams';

export interface Member {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly team: number | null;
  readonly manager: number | null;
  readonly roles: readonly string[] | null;
  readonly skills: readonly string[] | null;
  readonly capacity: number | null;
  readonly weight: number | null;
  readonly calendarKey: string | null;
  readonly timeZone: string | null;
  readonly locale: string | null;
  readonly presence: string | null;
  readonly active: boolean;
  readonly leaveFrom: string | null;
  readonly leaveTo: string | null;
  readonly invitation?: { readonly invitedAt: string; readonly expiresAt: string; readonly acceptedAt: string | null } | null;
}

/** One person: where they belong, what they may do, how many leads they can hold, when they are away. */
export const MemberDialog = (props: { member: Member; readOnly: boolean; close: () => void; invite: () => void; leave: () => void }) => {
  const { member, readOnly, close, invite, leave } = props;
  const translate = useTranslate();
  const directory = useDirectory();
  const teams = useTeamsById();
  const none = translate('setup.kit.none');
  const me = useMe();
  const { id, email: _email, invitation: _invitation, ...initial } = member;
  const [settingPassword, setSettingPassword] = useState(false);
  return (
    <>
      <RecordDialog
        resource="members"
        id={id}
        title={member.name}
        initial={{ ...initial, roles: initial.roles ?? [], skills: initial.skills ?? [] }}
        readOnly={readOnly}
        close={close}
        actions={
          !readOnly && (
            <>
              <Button color="inherit" startIcon={<KeyIcon />} onClick={() => setSettingPassword(true)}>
                {translate('setup.people.setPassword')}
              </Button>
              {member.active && (
                <Button color="inherit" startIcon={<MailIcon />} onClick={invite}>
                  {translate('setup.people.invite')}
                </Button>
              )}
              {member.active && me.member.id !== id && (
                <Button color="error" startIcon={<LeaveIcon />} onClick={leave}>
                  {translate('setup.people.deactivate')}
                </Button>
              )}
            </>
          )
        }
      >
        {() => (
          <>
            <TextIn path="name" words="setup.kit.name" />
            <Row>
              <RefIn path="team" words="setup.people.team" choices={teams} none={none} />
              <RefIn
                path="manager"
                words="setup.people.manager"
                choices={directory.members.filter((one) => one.value !== String(id))}
                none={none}
              />
            </Row>
            <ManyIn path="roles" words="setup.people.rolesOf" choices={directory.roles} />
            <ManyIn path="skills" words="setup.people.skills" choices={[]} free />
            <Row>
              <NumberIn path="capacity" words="setup.people.capacity" min={0} optional sx={HALF} />
              <NumberIn path="weight" words="setup.people.weight" min={0} max={100} sx={HALF} />
            </Row>
            <Row>
              <CalendarIn />
              <ZoneIn />
            </Row>
            <Row>
              <SelectIn
                path="presence"
                words="setup.people.presence"
                choices={(['online', 'away', 'offline'] as const).map((one) => ({
                  value: one,
                  label: translate(`setup.people.presences.${one}`),
                }))}
                sx={HALF}
              />
              <LanguageIn />
            </Row>
            <Row>
              <InstantIn path="leaveFrom" words="setup.people.leaveFrom" />
              <InstantIn path="leaveTo" words="setup.people.leaveTo" />
            </Row>
            {!member.active && <SwitchIn path="active" words="setup.people.active" />}
          </>
        )}
      </RecordDialog>
      {settingPassword && <PasswordDialog id={id} name={member.name} close={() => setSettingPassword(false)} />}
    </>
  );
};
