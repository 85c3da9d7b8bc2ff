import { createSSRApp } from 'vue';
import { renderToString } from 'vue/server-renderer';

const { default: Lobby } = await import(process.argv[2] ?? '');
console.log(await renderToString(createSSRApp(Lobby, { name: 'Ada' })));
