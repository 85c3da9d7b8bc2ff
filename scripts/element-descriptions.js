// One sentence on each slot, part and custom property of <chat-room>, in the order in which people read them. What there is to
// describe, the sources say: make-manifest.js stops where one is missing here, or is here and nowhere else.

/** What no property of the class describes. @type {Readonly<Record<string, string>>} */
export const ATTRIBUTES = {
  lang: 'Language of the element, as a BCP 47 tag. Without one: that of the page around it, else that of the browser.',
};

/** @type {Readonly<Record<string, string>>} */
export const SLOTS = {
  header: 'In the place of the header: the title, who is there, the menu.',
  empty: 'What a room shows that has no messages yet.',
  'composer-actions': 'Buttons of your own, before the box to write in.',
  footer: 'Below the composer.',
};

/** @type {Readonly<Record<string, string>>} */
export const PARTS = {
  launcher: 'The round button of a launcher.',
  badge: "The number of unread messages on the launcher's button.",
  frame: 'The whole chat: its border, its corners, its background.',
  header: 'The bar at the top.',
  title: "The room's name.",
  status: 'The dot before the number of people: live or not.',
  avatar: "A person's initials, in the header, beside messages and in lists.",
  'menu-button': 'The button that opens the menu of the room.',
  close: 'The button that closes a launcher on a small screen.',
  pinned: 'The message that is pinned, below the header.',
  'connection-bar': 'The note that the connection is lost, or back.',
  log: 'The list of messages.',
  empty: 'What is shown where there are no messages yet.',
  day: 'A date between messages.',
  unread: 'The line above the first unread message.',
  notice: 'A line on what a moderator did.',
  message: 'A message with all that belongs to it. It is also a `message-own` or a `message-other`.',
  'message-own': "A message of the reader's.",
  'message-other': "Somebody else's message.",
  author: 'The name above the first message of a group.',
  bubble: 'The box with the text of a message.',
  deleted: 'The box of a message that was deleted, which is a `bubble`, too.',
  quote: 'In an answer: the message that it answers.',
  mention: 'A name after an @ in a text.',
  attachments: 'The images and files of a message.',
  image: 'An image in a message.',
  file: 'A file in a message.',
  reactions: 'The row of reactions below a message.',
  reaction: 'One reaction, with how many chose it.',
  failure: 'The note below a message that could not be sent.',
  toolbar: 'What can be done with a message: it appears beside it.',
  typing: 'The row that says who is typing.',
  jump: 'The button that goes to the newest message.',
  composer: 'The form at the bottom.',
  intent: 'The note above the box while somebody answers or edits a message.',
  files: 'The files that will go with the next message.',
  completions: 'The list of names or emoji while one is being typed.',
  input: 'The box to write in.',
  counter: 'How much more can be written, near the limit.',
  send: 'The button that sends.',
  readonly: 'What stands in the place of the composer for those who may not write.',
  menu: 'A menu: of the room, or of a message.',
  popover: 'The box in which a menu or the emoji picker opens.',
  'emoji-picker': 'The emoji to choose from.',
  sheet: 'What covers the log for a while: the search, or the list of people.',
  lightbox: 'An image as large as it goes.',
  toast: 'A short note on what has just been done.',
  'slow-mode': 'How long slow mode still keeps the next message back.',
};

/**
 * Grouped for people. `initial` says in words what is too long as a value.
 * @typedef {{ readonly syntax: string, readonly description: string, readonly initial?: string }} CustomProperty
 * @type {Readonly<Record<string, Readonly<Record<string, CustomProperty>>>>}
 */
export const CUSTOM_PROPERTIES = {
  Colours: {
    '--chat-room-accent': {
      syntax: '<color>',
      description:
        'The one colour that makes the palette: own messages, the send button, the launcher. Any colour will do; text on it and in it stays readable.',
    },
    '--chat-room-on-accent': {
      syntax: '<color>',
      description: 'Text and icons on the accent.',
      initial: 'black or white, whichever can be read on the accent',
    },
    '--chat-room-accent-text': {
      syntax: '<color>',
      description: 'The accent where it is text on the background.',
      initial: 'the accent, darker on light and lighter on dark until it can be read',
    },
    '--chat-room-background': { syntax: '<color>', description: 'Behind the messages.' },
    '--chat-room-surface': {
      syntax: '<color>',
      description: "What stands out from the background: others' messages, the box to write in.",
    },
    '--chat-room-text': { syntax: '<color>', description: 'Text.' },
    '--chat-room-muted': { syntax: '<color>', description: 'Text of less weight: times, hints, icons.' },
    '--chat-room-border': { syntax: '<color>', description: 'Lines, and the border of the frame.' },
    '--chat-room-danger': { syntax: '<color>', description: 'What failed, and what cannot be undone.' },
    '--chat-room-live': { syntax: '<color>', description: 'The dot that says that the room is live.' },
    '--chat-room-focus': { syntax: '<color>', description: 'The ring around what has the focus.' },
    '--chat-room-link': { syntax: '<color>', description: "Links in others' messages." },
    '--chat-room-mention': { syntax: '<color>', description: "Names after an @ in others' messages." },
    '--chat-room-shadow': { syntax: '*', description: 'Below the launcher, menus and notes: a `box-shadow`.' },
  },
  Text: {
    '--chat-room-font': { syntax: '*', description: 'Font of everything: a `font-family`.' },
    '--chat-room-font-size': { syntax: '<length>', description: 'Size of the text of messages.' },
    '--chat-room-line-height': { syntax: '<number> | <length>', description: 'Line height of the text of messages.' },
    '--chat-room-code-font': { syntax: '*', description: 'Font of code, as a `font-family`.' },
  },
  'Size and shape': {
    '--chat-room-height': {
      syntax: '<length>',
      description: 'Height of the element, or of the panel of a launcher.',
      initial: '`min(600px, 85dvh)`; as a launcher `620px`',
    },
    '--chat-room-radius': { syntax: '<length>', description: 'Corners of the frame.' },
    '--chat-room-inset': { syntax: '<length>', description: 'Space on both sides of the messages.' },
    '--chat-room-group-gap': { syntax: '<length>', description: 'Space above a message of another person, or after a pause.' },
  },
  Header: {
    '--chat-room-header-background': { syntax: '*', description: 'Behind the header: a `background`.' },
    '--chat-room-header-text': { syntax: '<color>', description: 'Text in the header.' },
    '--chat-room-avatar-size': { syntax: '<length>', description: 'Width and height of an avatar beside a message.' },
    '--chat-room-avatar-radius': { syntax: '<length-percentage>', description: 'Corners of an avatar.' },
  },
  Messages: {
    '--chat-room-bubble-background': { syntax: '*', description: "Behind others' messages: a `background`." },
    '--chat-room-bubble-text': { syntax: '<color>', description: "Text of others' messages." },
    '--chat-room-own-bubble-background': { syntax: '*', description: 'Behind own messages: a `background`.' },
    '--chat-room-own-bubble-text': { syntax: '<color>', description: 'Text of own messages.' },
    '--chat-room-bubble-radius': { syntax: '<length>', description: 'Corners of a message.' },
    '--chat-room-bubble-padding': { syntax: '<length>+', description: 'Space around the text of a message.' },
    '--chat-room-bubble-max-width': { syntax: '<length-percentage>', description: 'A message is at most this wide.' },
  },
  Composer: {
    '--chat-room-input-background': { syntax: '*', description: 'Behind the box to write in: a `background`.' },
    '--chat-room-input-text': { syntax: '<color>', description: 'What is being written.' },
    '--chat-room-input-radius': { syntax: '<length>', description: 'Corners of the box to write in.' },
  },
  Launcher: {
    '--chat-room-launcher-size': { syntax: '<length>', description: 'Width and height of the round button.' },
    '--chat-room-launcher-inset': { syntax: '<length>', description: 'Its distance from the corner of the page.' },
    '--chat-room-panel-width': { syntax: '<length>', description: 'Width of the panel that it opens.' },
    '--chat-room-badge-background': { syntax: '*', description: 'Behind the number of unread messages: a `background`.' },
    '--chat-room-badge-text': { syntax: '<color>', description: 'The number of unread messages.' },
    '--chat-room-z-index': { syntax: '<integer>', description: 'What the launcher stands above.' },
  },
};
