/** What is said of images and files. */
export const english = {
  remove: 'Remove {name}',
  uploading: 'Uploading {name}, {percent}',
  uploadFailed: '{name} could not be uploaded.',
  tooLarge: '{name} is larger than {size}.',
  badType: 'Files of this kind can’t be sent here: {name}.',
  tooMany: { one: 'At most {count} file at a time.', other: 'At most {count} files at a time.' },
  image: 'Image: {name}',
  download: 'Download',
  previous: 'Previous image',
  next: 'Next image',
  close: 'Close',
} as const;

export type Key = keyof typeof english;
