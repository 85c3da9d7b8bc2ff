// The results as bars, in an SVG that reads on light and dark pages. A panel for each scenario, a bar for each peer: the median
// of the scenario's first figure, with a line from the least to the most.

import type { BenchResult, ScenarioNote, Summary } from '../result.ts';
import { SUBJECT, summariesOf } from '../result.ts';
import type { Figure } from '../scenarios/scenario.ts';
import type { Spread } from '../statistics.ts';
import { plainNumber } from './numbers.ts';

const WIDTH = 860;
const MARGIN = 24;
const LABEL_WIDTH = 130;
const VALUE_WIDTH = 150;
const BAR_HEIGHT = 18;
const ROW_HEIGHT = 26;
const PANEL_HEAD = 46;
const PANEL_GAP = 22;
const BARS_WIDTH = WIDTH - 2 * MARGIN - LABEL_WIDTH - VALUE_WIDTH;

const STYLE = `
    text { font: 13px system-ui, sans-serif; fill: #1f2328; }
    .title { font-weight: 600; font-size: 15px; }
    .unit, .value { fill: #59636e; }
    .page { fill: #ffffff; }
    .bar { fill: #8c959f; }
    .subject { fill: #0969da; }
    .range { stroke: #1f2328; stroke-width: 1.5; }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc; }
      .unit, .value { fill: #9198a1; }
      .page { fill: #0d1117; }
      .bar { fill: #656c76; }
      .subject { fill: #4493f8; }
      .range { stroke: #f0f6fc; }
    }`;

interface Bar {
  readonly peer: string;
  readonly spread: Spread;
}

/** The chart as a document of its own. */
export function chartSvg(result: BenchResult): string {
  let top = MARGIN;
  const panels = result.scenarios.flatMap((scenario) => {
    const [figure] = scenario.figures;
    const bars = figure ? barsOf(summariesOf(result, scenario), figure) : [];
    if (!figure || bars.length === 0) return [];
    const panel = panelSvg(scenario, figure, bars, top);
    top += PANEL_HEAD + bars.length * ROW_HEIGHT + PANEL_GAP;
    return [panel];
  });
  const label = 'What the bench measured, as bars; the same figures stand in the tables.';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" width="${WIDTH}" height="${top}" role="img" aria-label="${label}">
  <style>${STYLE}
  </style>
  <rect class="page" width="${WIDTH}" height="${top}"/>
${panels.join('\n')}
</svg>
`;
}

function barsOf(summaries: readonly Summary[], { key }: Figure): readonly Bar[] {
  return summaries.flatMap(({ peer, figures }) => {
    const spread = figures[key];
    return spread ? [{ peer, spread }] : [];
  });
}

function panelSvg({ title }: ScenarioNote, figure: Figure, bars: readonly Bar[], top: number): string {
  const most = Math.max(...bars.map(({ spread }) => spread.max), Number.MIN_VALUE);
  const better = figure.better === 'more' ? 'longer is better' : 'shorter is better';
  const rows = bars.map((bar, index) => rowSvg(bar, figure, most, top + PANEL_HEAD + index * ROW_HEIGHT));
  return [
    `  <text class="title" x="${MARGIN}" y="${top + 14}">${escapeXml(title)}</text>`,
    `  <text class="unit" x="${MARGIN}" y="${top + 33}">${escapeXml(`${figure.title}, ${figure.unit}; ${better}`)}</text>`,
    ...rows,
  ].join('\n');
}

function rowSvg({ peer, spread }: Bar, { digits }: Figure, most: number, top: number): string {
  const left = MARGIN + LABEL_WIDTH;
  const width = (value: number): number => Math.round((Math.max(0, value) / most) * BARS_WIDTH * 10) / 10;
  const middle = top + BAR_HEIGHT / 2;
  const range =
    spread.max > spread.min
      ? `\n  <line class="range" x1="${left + width(spread.min)}" x2="${left + width(spread.max)}" y1="${middle}" y2="${middle}"/>`
      : '';
  const kind = peer === SUBJECT ? 'bar subject' : 'bar';
  return `  <text x="${MARGIN}" y="${middle + 5}">${escapeXml(peer)}</text>
  <rect class="${kind}" x="${left}" y="${top}" width="${Math.max(1, width(spread.median))}" height="${BAR_HEIGHT}" rx="2"/>${range}
  <text class="value" x="${left + width(spread.max) + 8}" y="${middle + 5}">${plainNumber(spread.median, digits)}</text>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
