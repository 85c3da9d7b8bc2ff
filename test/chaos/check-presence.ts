import type { Evidence, Finding } from './checker.ts';

/** At the end, everyone sees exactly those who are there. */
export function checkPresence({ ends }: Evidence): Finding[] {
  const there = new Set(ends.filter(({ state }) => state === 'live').map(({ member }) => member));
  const findings: Finding[] = [];
  for (const { client, state, members } of ends) {
    if (state !== 'live') continue;
    const seen = new Set(members);
    const missing = [...there].filter((member) => !seen.has(member));
    const ghosts = [...seen].filter((member) => !there.has(member));
    if (seen.size < members.length) findings.push({ kind: 'presence', sentence: `${client} sees a member twice.` });
    if (missing.length > 0)
      findings.push({ kind: 'presence', sentence: `${client} does not see ${missing.join(', ')}, who is there.` });
    if (ghosts.length > 0)
      findings.push({ kind: 'presence', sentence: `${client} sees ${ghosts.join(', ')}, who is not there.` });
  }
  return findings;
}
