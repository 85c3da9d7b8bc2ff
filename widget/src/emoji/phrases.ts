/** What the picker says. */
export const english = {
  searchEmoji: 'Search emoji',
  emojiFound: 'Emoji found',
  noEmoji: 'No emoji found.',
  emojiSearchFailed: 'The search could not be loaded.',
  skinTone: 'Skin tone: {example}',
  recentGroup: 'Recently used',
  smileysGroup: 'Smileys and feelings',
  peopleGroup: 'People and gestures',
  natureGroup: 'Animals and nature',
  foodGroup: 'Food and drink',
  travelGroup: 'Travel and places',
  activitiesGroup: 'Activities',
  objectsGroup: 'Objects',
  symbolsGroup: 'Symbols',
  flagsGroup: 'Flags',
} as const;

export type Key = keyof typeof english;
