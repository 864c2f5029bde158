import { pinyin } from 'pinyin-pro';
import { withoutPlace } from './account-match';
import { foldChinese } from './chinese';

/**
 * Characters whose reading depends on the word they stand in, as they occur in names of companies (重庆, 银行, 音乐, 厦门 …). A name with one
 * of them is read as a whole; all others are read character by character, which is a hundred times as fast.
 */
const BY_WORD = new Set('重长行乐厦朝都曾单调传藏参率会盛解泊蚌亳圩六尉校便仇'.split(''));
const HAN = /\p{Script=Han}/u;
const readings = new Map<string, string>();

const read = (text: string): string => pinyin(text, { toneType: 'none', type: 'array', v: true }).join('');

function readCharacter(character: string): string {
  const known = readings.get(character);
  if (known !== undefined) return known;
  const sound = HAN.test(character) ? read(character) : character;
  readings.set(character, sound);
  return sound;
}

/** What a company does rather than who it is, in both scripts; dropped from the end so that `Huawei Technologies` is heard like `华为技术`. */
const TRADE_HAN =
  /(?:计算机系统|信息技术|电子商务|网络科技|信息科技|科技|技术|信息|网络|软件|电子|数码|智能|系统|通信|通讯|实业|工业|贸易|商贸|国际|发展|投资|咨询|服务|管理|文化|传媒|机械|设备|制造|材料|生物|医药|汽车|化工|物流|建设|工程)+$/u;
const TRADE_LATIN = new Set(
  'technologies technology tech information network networks software electronics electronic digital intelligent systems system communications communication industrial industries industry trading trade international development investment consulting services service management culture media machinery equipment manufacturing materials biotech pharmaceutical pharma automotive auto chemical chemicals logistics construction engineering solutions group holding holdings'.split(
    ' ',
  ),
);

const LEAST_HAN = 2;
const LEAST_SOUND = 4;

function coreOf(key: string): string {
  const bare = withoutPlace(key) ?? key;
  if (HAN.test(bare)) {
    const core = bare.replace(TRADE_HAN, '');
    return core.length >= LEAST_HAN ? core : bare;
  }
  const words = bare.split(' ');
  while (words.length > 1 && TRADE_LATIN.has(words.at(-1) ?? '')) words.pop();
  return words.join(' ');
}

/**
 * How a company's name sounds, for finding the same company written in the other script: `华为技术` and `Huawei Technologies` → `huawei`.
 * Tones, spaces, places before and trades behind the name do not count. Of sounds shorter than four letters nothing follows: null.
 * @param key what `companyKey` makes of the name
 */
export function soundKey(key: string | null): string | null {
  if (key === null) return null;
  const core = foldChinese(coreOf(key));
  const characters = [...core];
  const whole = characters.some((character) => BY_WORD.has(character));
  const sound = (whole ? characters.map((character) => (HAN.test(character) ? character : ` ${character} `)).join('') : core)
    .split(/\s+/)
    .map((part) => (whole && HAN.test(part) ? read(part) : [...part].map(readCharacter).join('')))
    .join('')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/ü/g, 'v')
    .replace(/[^a-z0-9]/g, '');
  return sound.length >= LEAST_SOUND ? sound : null;
}
