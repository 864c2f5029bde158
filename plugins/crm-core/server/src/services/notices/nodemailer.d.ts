/** The part of the package that is used; it brings no types of its own. */
declare module 'nodemailer' {
  export interface Mail {
    from: string;
    to: { name: string; address: string };
    subject: string;
    text: string;
    html?: string;
    headers?: Readonly<Record<string, string>>;
  }
  export interface Transporter {
    sendMail(mail: Mail): Promise<unknown>;
    close(): void;
  }
  export function createTransport(url: string): Transporter;
}
