// What the types are there to refuse, and only that: each line with an error in it says so.
import { Component, CUSTOM_ELEMENTS_SCHEMA } from '@angular/core';
import { ChatRoomDirective } from './chat-room.directive';

@Component({
  selector: 'app-wrong',
  imports: [ChatRoomDirective],
  template: `
    <chat-room theme="blue" /><!-- wrong -->
    <chat-room sendOn="space" /><!-- wrong -->
    <chat-room [getToken]="token" /><!-- wrong -->
    <chat-room [rooom]="'lobby'" /><!-- wrong -->
    <chat-room (chat-room-message)="take($event.detail.text)" /><!-- wrong -->
    <chat-room (chat-room-send)="onText($event)" /><!-- wrong -->
    <chat-room [readonly]="true" class="chat" style="height: 400px" />
  `,
})
export class WrongComponent {
  readonly token = async (): Promise<number> => 12;
  take(value: unknown): unknown {
    return value;
  }
  onText(event: CustomEvent<{ readonly text: number }>): unknown {
    return event;
  }
}

/** Without the directive, attributes are whatever they are; events have their types still. */
@Component({
  selector: 'app-wrong-too',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <chat-room theme="blue" />
    <chat-room (chat-room-message)="last = $event.detail.text" /><!-- wrong -->
  `,
})
export class WrongTooComponent {
  last: unknown;
}
