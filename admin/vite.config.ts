import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { oneLanguage } from './one-language';

/** The console is served under `/console`; in development the API of a running server is proxied. */
export default defineConfig({
  base: '/console/',
  plugins: [react(), oneLanguage()],
  // Single contracts with their values; a plugin's whole would bring its validation library along.
  resolve: {
    alias: [
      {
        find: /^@leadsea\/([a-z-]+)\/contracts\/([a-z-]+)$/,
        replacement: `${fileURLToPath(new URL('../plugins', import.meta.url))}/$1/contracts/$2.ts`,
      },
    ],
  },
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 1000 },
  server: { port: 5173, proxy: { '/api': { target: process.env.LEADSEA_API ?? 'http://127.0.0.1:1337', changeOrigin: true } } },
});
