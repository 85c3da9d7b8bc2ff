import { css } from '../styles/css.ts';

export const moderationStyles = css`
  .sanction {
    flex: 1;
    display: flex;
    flex-direction: column;
    align-items: flex-start;
  }
  .sanction-lift {
    flex: none;
    min-block-size: 32px;
    padding: 4px 12px;
    font-size: 13px;
    font-weight: 600;
    color: var(--_accent-text);
    border: 1px solid var(--_border);
    border-radius: 999px;
  }
  .sanction-lift:hover {
    background: var(--_surface);
  }
  .sanction-lift[aria-disabled='true'] {
    opacity: 0.5;
  }
  @media (pointer: coarse) {
    .sanction-lift,
    .sheet .link {
      min-block-size: 44px;
    }
  }
`;
