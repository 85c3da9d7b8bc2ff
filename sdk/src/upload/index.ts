// `@chat-room/sdk/upload`: files, apart from the client, since not every page sends them.

export type { Attachment } from './attachment.ts';
export { attachmentsOf } from './attachment.ts';
export type { UploadLimits, UploadOptions, UploadRoom } from './upload-file.ts';
export { uploadFile, uploadLimits } from './upload-file.ts';
