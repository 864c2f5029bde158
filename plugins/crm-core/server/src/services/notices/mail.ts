import { createTransport, type Transporter } from 'nodemailer';
import { AppError, type LocalisedText, type NoticeChannel } from '../../../../contracts';
import { htmlText, plainText, writeMessage } from '../../domain/notices/text';

export interface MailOptions {
  /** `smtp://user:password@host:587`; null while mail is not set up. */
  readonly url: string | null;
  readonly from: string | null;
  readonly base: string;
  labelOf(type: string): LocalisedText;
}

const TIMEOUT_MS = 15_000;

/** Answers 5xx of a mail server are for good: an address that does not exist does not come to exist by asking again. */
function refusedForGood(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null;
  const { responseCode, response } = error as { responseCode?: unknown; response?: unknown };
  if (typeof responseCode !== 'number' || responseCode < 550 || responseCode > 559) return null;
  return typeof response === 'string' ? response.slice(0, 300) : String(responseCode);
}

/** The server with short waits, unless its address says otherwise. */
function withTimeouts(address: string): string {
  const url = new URL(address);
  for (const wait of ['connectionTimeout', 'greetingTimeout', 'socketTimeout'])
    if (!url.searchParams.has(wait)) url.searchParams.set(wait, String(TIMEOUT_MS));
  return url.href;
}

/** Mail through the company's SMTP server: `LEADSEA_SMTP_URL` and `LEADSEA_MAIL_FROM`. */
export function createMailChannel({ url, from, base, labelOf }: MailOptions): NoticeChannel {
  let transport: Transporter | null = null;
  return {
    key: 'mail',
    label: { zh: '邮件', en: 'E-mail' },
    ready: () => url !== null && from !== null,
    deliver: async (message) => {
      if (url === null || from === null) throw new AppError('CHANNEL_NOT_READY', 400, 'Mail is not set up on this server.');
      transport ??= createTransport(withTimeouts(url));
      for (const { name, email, locale } of message.recipients) {
        const written = writeMessage(message, labelOf(message.type), locale, base);
        try {
          await transport.sendMail({
            from,
            to: { name, address: email },
            subject: written.subject,
            text: plainText(written, locale),
            html: htmlText(written, locale),
            headers: { 'Auto-Submitted': 'auto-generated' },
          });
        } catch (error) {
          const reason = refusedForGood(error);
          if (reason) throw new AppError('MAIL_REFUSED', 400, reason);
          throw error;
        }
      }
    },
  };
}
