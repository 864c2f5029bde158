export default [
  'strapi::errors',
  {
    name: 'strapi::security',
    config: {
      contentSecurityPolicy: {
        useDefaults: true,
        directives: { 'connect-src': ["'self'"], 'img-src': ["'self'", 'data:', 'blob:'], upgradeInsecureRequests: null },
      },
    },
  },
  'strapi::cors',
  // Leads sent as JSON need nothing of what follows.
  'plugin::leads.capture',
  'strapi::query',
  {
    name: 'strapi::body',
    config: { jsonLimit: '8mb', formLimit: '2mb', textLimit: '1mb', formidable: { maxFileSize: 200 * 1024 * 1024 } },
  },
  'strapi::session',
  'strapi::favicon',
  'strapi::public',
];
