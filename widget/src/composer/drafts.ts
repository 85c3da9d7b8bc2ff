// What a person has written and not sent, per room: it survives a reload.

const prefix = 'chat-room:draft:';

export function loadDraft(room: string): string {
  try {
    return localStorage.getItem(prefix + room) ?? '';
  } catch {
    return '';
  }
}

export function saveDraft(room: string, text: string): void {
  try {
    if (text === '') localStorage.removeItem(prefix + room);
    else localStorage.setItem(prefix + room, text);
  } catch {
    // Without storage, or with a full one, a draft lives as long as its page.
  }
}
