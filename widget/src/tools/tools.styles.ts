import { css } from '../styles/css.ts';

export const toolsStyles = css`
  .sheet {
    position: absolute;
    z-index: 5;
    inset: 0;
    display: flex;
    flex-direction: column;
    overflow: auto;
    overscroll-behavior: contain;
    background: var(--_background);
    animation: rise 0.14s ease-out;
  }
  .sheet-head {
    display: flex;
    align-items: center;
    gap: 8px;
    padding: 4px 6px 4px 16px;
  }
  .sheet-head h3 {
    flex: 1;
    margin: 0;
    font-size: 15px;
    font-weight: 650;
  }
  .sheet-note {
    display: flex;
    align-items: center;
    gap: 8px;
    min-block-size: 20px;
    margin: 4px 16px;
    font-size: 13px;
    color: var(--_muted);
  }
  .search {
    flex: none;
    min-block-size: 44px;
    margin: 0 16px;
    padding: 8px 14px;
    font: inherit;
    font-size: 16px;
    color: inherit;
    background: var(--_surface);
    border: 1px solid transparent;
    border-radius: 12px;
  }
  .results {
    margin: 0;
    padding: 4px 8px 12px;
    list-style: none;
  }
  .result {
    display: flex;
    align-items: center;
    gap: 10px;
    inline-size: 100%;
    min-block-size: 48px;
    padding: 6px 8px;
    text-align: start;
    border-radius: 12px;
  }
  button.result:hover {
    background: var(--_surface);
  }
  .result .avatar {
    align-self: start;
  }
  .person .avatar {
    align-self: center;
  }
  .result small,
  .result time {
    color: var(--_muted);
    font-size: 12px;
  }
  .result-text {
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .result-text > * {
    display: block;
  }
  .result-head {
    font-size: 13px;
    font-weight: 600;
  }
  .result-text [dir] {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    overflow: hidden;
  }
  mark {
    color: inherit;
    background: color-mix(in oklab, var(--_accent) 25%, transparent);
    border-radius: 3px;
  }
`;
