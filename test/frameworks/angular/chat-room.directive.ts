import { booleanAttribute, Directive, ElementRef, effect, inject, input } from '@angular/core';
import type { ChatRoom } from '@chat-room/widget';
import type { ChatRoomInputs } from '@chat-room/widget/angular';
import '@chat-room/widget/define';

/** Types for `<chat-room>` in templates, where CUSTOM_ELEMENTS_SCHEMA would take anything. */
@Directive({
  selector: 'chat-room',
  host: {
    '[attr.room]': 'room()',
    '[attr.relay]': 'relay()',
    '[attr.name]': 'name()',
    '[attr.token]': 'token()',
    '[attr.theme]': 'theme()',
    '[attr.layout]': 'layout()',
    '[attr.send-on]': 'sendOn()',
    '[attr.readonly]': 'readonly() ? "" : null',
  },
})
export class ChatRoomDirective implements ChatRoomInputs {
  readonly room = input<ChatRoom['room']>();
  readonly relay = input<ChatRoom['relay']>();
  readonly name = input<ChatRoom['name']>();
  readonly token = input<ChatRoom['token']>();
  readonly theme = input<ChatRoom['theme']>();
  readonly layout = input<ChatRoom['layout']>();
  readonly sendOn = input<ChatRoom['sendOn']>();
  readonly readonly = input(false, { transform: booleanAttribute });
  readonly client = input<ChatRoom['client']>();
  readonly getToken = input<ChatRoom['getToken']>();
  readonly renderMessage = input<ChatRoom['renderMessage']>();

  constructor() {
    const element: ChatRoom = inject(ElementRef).nativeElement;
    effect(() => {
      element.client = this.client();
      element.getToken = this.getToken();
      element.renderMessage = this.renderMessage();
    });
  }
}
