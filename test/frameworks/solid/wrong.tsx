// What the types are there to refuse, and only that: each line with an error in it says so.
import type {} from '@chat-room/widget/solid';

export const wrongTheme = <chat-room theme="blue" />; // wrong
export const wrongAttribute = <chat-room attr:theme="blue" />; // wrong
export const wrongSendOn = <chat-room attr:send-on="space" />; // wrong
export const wrongToken = <chat-room prop:getToken={async () => 12} />; // wrong
export const wrongBoolean = <chat-room bool:readonly="yes" />; // wrong
export const wrongName = <chat-room rooom="lobby" />; // wrong
export const wrongDetail = <chat-room on:chat-room-message={({ detail }) => detail.text} />; // wrong
export const wrongReference = <chat-room ref={(input: HTMLInputElement) => input.select()} />; // wrong
export const right = <chat-room readonly prop:layout="launcher" class="chat" style={{ height: '400px' }} />;
