declare module 'disposable-email-domains' {
  const domains: readonly string[];
  export = domains;
}
declare module 'disposable-email-domains/wildcard.json' {
  const domains: readonly string[];
  export = domains;
}
