import { foldChinese } from '../identity/chinese';
import { foldCase, normaliseText } from '../identity/text';

/** Words for the fields of a lead in the headers of files and the names of form fields, `|` between them. First the plainest. */
const WORDS: Readonly<Record<string, string>> = {
  name: 'name|full name|fullname|contact name|contact|lead name|customer name|your name|person|client name|姓名|名字|联系人|客户姓名|联系人姓名|客户名|线索姓名|称呼|联系人名称|nom complet|nombre|nome',
  'name.given': 'first name|firstname|given name|forename|fname|first|名|名字 名|vorname|prenom|nombre de pila',
  'name.family': 'last name|lastname|surname|family name|lname|last|姓|姓氏|nachname|nom de famille|apellido|sobrenome',
  title: 'title|job title|position|role|job|function|designation|职位|职务|岗位|头衔|your title',
  email:
    'email|e mail|email address|e mail address|mail|work email|business email|your email|contact email|邮箱|电子邮箱|邮件|电子邮件|邮箱地址|email地址|工作邮箱|correo|courriel',
  phone:
    'phone|phone number|mobile|mobile phone|mobile number|cell|cell phone|cellphone|telephone|tel|work phone|business phone|contact number|your phone|your tel|phone no|telephone number|手机|手机号|手机号码|电话|电话号码|联系电话|联系方式|移动电话|座机|固定电话|telefon|telefono|telefone|handy',
  wechat: 'wechat|wechat id|weixin|wx|微信|微信号|微信id',
  company:
    'company|company name|organization|organisation|account|account name|business name|employer|firm|your company|公司|公司名称|企业|企业名称|单位|单位名称|客户名称|公司名|机构|firma|unternehmen|empresa|societe|entreprise',
  website: 'website|web site|url|homepage|company website|web|domain|网站|网址|官网|公司网站|公司网址',
  industry: 'industry|sector|business segment|vertical|line of business|行业|所属行业|branche|segmento',
  employees:
    'employees|number of employees|employee count|company size|headcount|no of employees|numemployees|员工数|员工人数|公司规模|人数|企业规模|人员规模',
  annualRevenue: 'annual revenue|revenue|turnover|sales volume|年营业额|营业额|年收入|年营收|营收',
  currency: 'currency|币种|货币',
  country: 'country|country region|country code|nation|国家|国家地区|国别|land|pais|pays',
  province: 'province|state|state province|state region|region|seller state|省|省份|州|所在省|bundesland|estado',
  city: 'city|town|suburb|seller city|城市|市|所在城市|地市|stadt|ciudad|ville|cidade',
  address:
    'address|street|street address|address line 1|address 1|mailing address|company address|地址|详细地址|联系地址|公司地址|街道|adresse|direccion|endereco',
  postcode:
    'postcode|postal code|zip|zip code|zipcode|post code|seller zip code prefix|zip postal code|邮编|邮政编码|plz|cep|codigo postal',
  language: 'language|preferred language|locale|语言|语种|sprache|idioma',
  source:
    'source|lead source|origin|traffic source|channel|original source|utm source|来源|线索来源|客户来源|渠道|来源渠道|quelle|fuente|origem',
  medium: 'medium|utm medium|媒介|推广方式',
  campaign: 'campaign|campaign name|utm campaign|campaign id|市场活动|活动|推广计划|活动名称|广告计划',
  landingPage: 'landing page|landing page url|landing page id|page url|page uri|source url|pageurl|着陆页|落地页|来源页面|表单页面',
  referrer: 'referrer|referer|referring url|http referer|来路|引荐来源|来源网址',
  ip: 'ip|ip address|remote ip|ip地址',
  product: 'product|product interest|interested product|product of interest|interest|意向产品|产品|产品名称|感兴趣的产品|咨询产品|需求产品',
  capturedAt:
    'captured at|created|created at|created date|create date|date created|created time|created on|submitted at|submission date|lead date|inquiry date|first contact date|timestamp|创建时间|创建日期|提交时间|留资时间|登记时间|获取时间|录入时间|线索时间',
  note: 'note|notes|comment|comments|message|description|remark|remarks|your message|inquiry|enquiry|details|question|备注|留言|描述|说明|咨询内容|需求描述|需求|内容|bemerkung|mensaje|mensagem',
  externalId:
    'external id|lead id|prospect id|record id|rec id|unique id|mql id|customer id|contact id|lead no|uuid|guid|线索id|线索编号|客户编号|客户id|编号|记录id',
};

/** `firstName`, `first_name`, `*First Name (required)` → `first name`; 全角 and 繁體 folded. */
export const plainHeader = (header: string): string =>
  foldChinese(foldCase(normaliseText(header.replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2'))))
    .replace(/[([【（][^)\]】）]*[)\]】）]/g, ' ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

const INDEX: ReadonlyMap<string, readonly { readonly field: string; readonly rank: number }[]> = (() => {
  const map = new Map<string, { field: string; rank: number }[]>();
  for (const [field, words] of Object.entries(WORDS)) {
    words.split('|').forEach((word, rank) => {
      const key = plainHeader(word);
      map.set(key, [...(map.get(key) ?? []), { field, rank }]);
    });
  }
  return map;
})();

export interface SynonymMatch {
  /** Lead field, `name.given`, `name.family` or `externalId`. */
  readonly field: string;
  readonly score: number;
}

/** Fields whose words a header is (1 … 0.9) or ends with (`Primary Phone`, 0.6). Best first. */
export function matchSynonyms(header: string): SynonymMatch[] {
  const plain = plainHeader(header);
  const exact = (INDEX.get(plain) ?? []).map(({ field, rank }) => ({ field, score: 1 - Math.min(rank, 20) * 0.005 }));
  if (exact.length > 0) return exact;
  const words = plain.split(' ');
  for (let from = 1; from < words.length && words.length <= 4; from += 1) {
    const tail = words.slice(from).join(' ');
    const found = (INDEX.get(tail) ?? []).filter(({ field }) => TAIL_FIELDS.has(field) && tail.length > 2);
    if (found.length > 0) return found.map(({ field, rank }) => ({ field, score: 0.62 - Math.min(rank, 20) * 0.005 }));
  }
  return /\p{Script=Han}/u.test(plain) ? chineseTail(plain) : [];
}
const TAIL_FIELDS = new Set([
  'email',
  'phone',
  'wechat',
  'company',
  'website',
  'industry',
  'city',
  'country',
  'province',
  'postcode',
  'name.given',
  'name.family',
  'source',
  'note',
  'externalId',
]);

/** Chinese headers are not spaced: `客户手机号` ends with `手机号`. */
function chineseTail(plain: string): SynonymMatch[] {
  const hits = [...INDEX]
    .filter(([word]) => word.length >= 2 && /\p{Script=Han}/u.test(word) && plain.endsWith(word))
    .sort((a, b) => b[0].length - a[0].length);
  return (hits[0]?.[1] ?? []).filter(({ field }) => TAIL_FIELDS.has(field)).map(({ field }) => ({ field, score: 0.62 }));
}
