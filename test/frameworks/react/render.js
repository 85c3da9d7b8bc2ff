import { createElement } from 'react';
import { renderToString } from 'react-dom/server';

const { Lobby } = await import(process.argv[2] ?? '');
console.log(renderToString(createElement(Lobby, { name: 'Ada' })));
