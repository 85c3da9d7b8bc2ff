// What the types are there to refuse, and only that: each line with an error in it says so.
import type { ChatRoom } from '@chat-room/widget';
import type {} from '@chat-room/widget/react';
import { createRef } from 'react';

export const wrongTheme = <chat-room theme="blue" />; // wrong
export const wrongSendOn = <chat-room send-on="space" />; // wrong
export const wrongToken = <chat-room getToken={async () => 12} />; // wrong
export const wrongName = <chat-room rooom="lobby" />; // wrong
export const wrongDetail = <chat-room onchat-room-message={({ detail }) => detail.text} />; // wrong
export const wrongReference = <chat-room ref={createRef<HTMLInputElement>()} />; // wrong
export const right = <chat-room ref={createRef<ChatRoom>()} readonly className="chat" style={{ height: 400 }} />;
