import { leadToolMessages } from '../leads/messages';
import { profileMessages } from '../profile/messages';
import { routingPageMessages } from '../routing/messages';
import { paletteMessages } from '../shell/messages';

/** Words that areas of the console keep beside their pages. */
export const areaMessages = {
  en: { leadTools: leadToolMessages.en, palette: paletteMessages.en, profile: profileMessages.en, routing: routingPageMessages.en },
  zh: { leadTools: leadToolMessages.zh, palette: paletteMessages.zh, profile: profileMessages.zh, routing: routingPageMessages.zh },
};
