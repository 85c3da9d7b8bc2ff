import { Component, input, signal } from '@angular/core';
import type { ChatRoomEvents } from '@chat-room/widget';
import { ChatRoomDirective } from './chat-room.directive';

@Component({
  selector: 'app-lobby',
  imports: [ChatRoomDirective],
  template: `
    <button type="button" (click)="chat.focus()">{{ last() || 'Say something' }}</button>
    <chat-room
      #chat
      room="lobby"
      relay="wss://chat.example.com/ws"
      [name]="name()"
      theme="dark"
      sendOn="ctrl-enter"
      [getToken]="getToken"
      (chat-room-message)="last.set($event.detail.message.text)"
      (chat-room-send)="check($event)"
    >
      <p slot="empty">Nobody has said anything yet.</p>
    </chat-room>
  `,
})
export class LobbyComponent {
  readonly name = input<string>();
  readonly last = signal('');
  readonly getToken = async (): Promise<string> => (await fetch('/chat-token')).text();

  check(event: ChatRoomEvents['chat-room-send']): void {
    if (event.detail.text.includes('secret')) event.preventDefault();
  }
}
