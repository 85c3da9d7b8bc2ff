const LIST =
  'smile 😄 grin 😁 joy 😂 rofl 🤣 wink 😉 blush 😊 heart_eyes 😍 kiss 😘 cool 😎 thinking 🤔 neutral 😐 smirk 😏 sweat 😅 sob 😭 cry 😢 angry 😠 rage 😡 scream 😱 flushed 😳 sleepy 😴 sick 🤢 party 🥳 pleading 🥺 shrug 🤷 facepalm 🤦 +1 👍 thumbs_up 👍 -1 👎 thumbs_down 👎 ok_hand 👌 clap 👏 wave 👋 pray 🙏 muscle 💪 point_up ☝️ eyes 👀 raised_hands 🙌 handshake 🤝 heart ❤️ broken_heart 💔 sparkles ✨ fire 🔥 star ⭐ tada 🎉 rocket 🚀 100 💯 check ✅ cross ❌ warning ⚠️ question ❓ bulb 💡 coffee ☕ beer 🍺 pizza 🍕 cake 🍰 gift 🎁 sun ☀️ rain 🌧️ snow ❄️ rainbow 🌈 cat 🐱 dog 🐶 bug 🐛 robot 🤖 ghost 👻 skull 💀 poop 💩 earth 🌍 house 🏠 phone 📱 computer 💻 lock 🔒 key 🔑 money 💰 time ⏰';

/** What most people type by name. All others come with the picker. */
export const COMMON_EMOJI: readonly (readonly [name: string, emoji: string])[] = LIST.split(' ').flatMap((name, place, all) =>
  place % 2 === 0 ? [[name, all[place + 1] ?? ''] as const] : [],
);
