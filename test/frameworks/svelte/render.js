import { render } from 'svelte/server';

const { default: Lobby } = await import(process.argv[2] ?? '');
console.log(render(Lobby, { props: { name: 'Ada' } }).body);
