import { defineConfig } from 'vite';

/**
 * Builds the browser code into dist/web: one script and one stylesheet a page, with hashes in their names. The console
 * (`--mode console`) is a build of its own: a build with both would move what they share into a file that the payment page
 * has to load, too.
 */
export default defineConfig(({ mode }) => {
  const isConsole = mode === 'console';
  return {
    root: import.meta.dirname,
    publicDir: false,
    logLevel: 'warn',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      outDir: '../dist/web',
      emptyOutDir: !isConsole,
      target: 'es2022',
      manifest: isConsole ? 'manifest-console.json' : 'manifest.json',
      assetsInlineLimit: 0,
      modulePreload: false,
      rolldownOptions: {
        input: isConsole
          ? { console: 'console/main.tsx' }
          : { checkout: 'checkout/main.tsx', pages: 'pages/main.ts' },
        output: { entryFileNames: '[name]-[hash].js', assetFileNames: '[name]-[hash][extname]' },
      },
    },
  };
});
