import { activityMessages } from '../activities/messages';
import { actorMessages } from '../common/actor-messages';
import { dateMessages } from '../common/date-messages';
import { exportMessages } from '../common/export-messages';
import { networkMessages } from '../accounts/messages';
import { dashboardMessages } from '../dashboards/messages';
import { definitionMessages } from '../definitions/messages';
import { leadToolMessages } from '../leads/messages';
import { campaignMessages } from '../campaigns/messages';
import { erasureMessages } from '../leads/erasure/messages';
import { consentMessages } from '../leads/consents/messages';
import { opportunityMessages } from '../opportunities/messages';
import { profileMessages } from '../profile/messages';
import { routingPageMessages } from '../routing/messages';
import { paletteMessages } from '../shell/messages';
import { slaPageMessages } from '../sla/messages';

const inLanguage = (language: 'en' | 'zh') => ({
  activity: activityMessages[language],
  actors: actorMessages[language],
  exports: exportMessages[language],
  dates: dateMessages[language],
  networks: networkMessages[language],
  leadTools: leadToolMessages[language],
  palette: paletteMessages[language],
  profile: profileMessages[language],
  dash: dashboardMessages[language],
  definition: definitionMessages[language],
  campaign: campaignMessages[language],
  consent: consentMessages[language],
  erasure: erasureMessages[language],
  opp: opportunityMessages[language],
  sla: slaPageMessages[language],
  routing: routingPageMessages[language],
});

/** Words that areas of the console keep beside their pages. */
export const areaMessages = { en: inLanguage('en'), zh: inLanguage('zh') };
