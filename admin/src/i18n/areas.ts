import { leadToolMessages } from '../leads/messages';
import { profileMessages } from '../profile/messages';
import { paletteMessages } from '../shell/messages';
import { slaPageMessages } from '../sla/messages';

/** Words that areas of the console keep beside their pages. */
export const areaMessages = {
  en: { leadTools: leadToolMessages.en, palette: paletteMessages.en, profile: profileMessages.en, sla: slaPageMessages.en },
  zh: { leadTools: leadToolMessages.zh, palette: paletteMessages.zh, profile: profileMessages.zh, sla: slaPageMessages.zh },
};
