import { parse } from 'tldts';
import { asciiDomain } from './ascii-domain';
import { mailDomainKind } from './mail-domains';
import { normaliseText } from './text';

/** Sites on which companies have pages: the site's domain says nothing about the company. */
const SHARED_SITES = new Set([
  'facebook.com',
  'linkedin.com',
  'instagram.com',
  'twitter.com',
  'x.com',
  'youtube.com',
  'tiktok.com',
  'weibo.com',
  'weixin.qq.com',
  'douyin.com',
  'xiaohongshu.com',
  'zhihu.com',
  'taobao.com',
  'tmall.com',
  'jd.com',
  '1688.com',
  'alibaba.com',
  'made-in-china.com',
  'amazon.com',
  'ebay.com',
  'google.com',
  'goo.gl',
  'bit.ly',
  'wa.me',
  't.me',
  'linktr.ee',
]);

/**
 * The registrable domain that identifies a company, from a web address, an e-mail address or a bare domain: `https://www.acme.co.uk/x` → `acme.co.uk`.
 * null for mail providers (free or disposable), IP addresses, shared sites, unknown top-level domains and text that is no domain.
 */
export function domainKey(raw: string): string | null {
  const text = normaliseText(raw).toLowerCase();
  if (text === '' || /\s/.test(text)) return null;
  const host = text.includes('@') && !text.includes('/') ? text.slice(text.lastIndexOf('@') + 1) : text;
  const found = parse(host.replace(/。/g, '.'), { allowPrivateDomains: true, validateHostname: false });
  if (found.isIp || !found.hostname || !found.domain || !(found.isIcann || found.isPrivate)) return null;
  const domain = asciiDomain(found.domain);
  if (domain === '' || SHARED_SITES.has(domain) || SHARED_SITES.has(found.hostname)) return null;
  return mailDomainKind(domain) === 'other' ? domain : null;
}
