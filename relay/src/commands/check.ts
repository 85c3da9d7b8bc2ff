// The words in which a check says what it found.

export type CheckResult =
  | { readonly verdict: 'ok'; readonly subject: string; readonly finding: string }
  /** It works; `advice` says what would be better, in one sentence. */
  | { readonly verdict: 'warn'; readonly subject: string; readonly finding: string; readonly advice: string }
  /** A relay could not serve like that; `advice` says what to do, in one sentence. */
  | { readonly verdict: 'fail'; readonly subject: string; readonly finding: string; readonly advice: string };

/** One line that is found well. */
export function ok(subject: string, finding: string): CheckResult {
  return { verdict: 'ok', subject, finding };
}

/** One line that could be better. */
export function warn(subject: string, finding: string, advice: string): CheckResult {
  return { verdict: 'warn', subject, finding, advice };
}

/** One line that keeps a relay from serving. */
export function fail(subject: string, finding: string, advice: string): CheckResult {
  return { verdict: 'fail', subject, finding, advice };
}

/** The lines of `check`, and whether a relay could serve. */
export function reportOf(results: readonly CheckResult[]): { readonly text: string; readonly isFit: boolean } {
  const lines = results.map((result) => {
    const advice = result.verdict === 'ok' ? '' : `\n      ${' '.repeat(SUBJECT_COLUMNS)}→ ${result.advice}`;
    return `${result.verdict.padEnd(4)}  ${result.subject.padEnd(SUBJECT_COLUMNS)}${result.finding}${advice}\n`;
  });
  const count = (verdict: CheckResult['verdict']): number => results.filter((each) => each.verdict === verdict).length;
  const failures = count('fail');
  const end = failures === 0 ? `It can serve; ${count('warn')} to think about.` : `It can't serve: ${failures} to mend.`;
  return { text: `${lines.join('')}${end}\n`, isFit: failures === 0 };
}

const SUBJECT_COLUMNS = 16;
