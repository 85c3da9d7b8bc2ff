// Recorded by `npm run fuzz -- --record`: what clients of the SDK said, a list of frames for each connection. Not written by hand.

/** What one connection said, in order. */
export type Session = readonly string[];

export const SESSIONS: readonly Session[] = [
  [
    "{\"type\":\"connect\",\"id\":1,\"version\":1,\"user\":{\"name\":\"Ada\"}}",
    "{\"type\":\"join\",\"room\":\"lobby\",\"recent\":50,\"id\":2}",
    "{\"type\":\"publish\",\"room\":\"lobby\",\"key\":\"3029661549-2924716465-499099551-3970173977\",\"event\":{\"type\":\"message\",\"text\":\"Hello, world ✓ 👩‍👩‍👧\"},\"id\":3}",
    "{\"type\":\"publish\",\"room\":\"lobby\",\"key\":\"2948034641-500296826-4073362384-1237871106\",\"event\":{\"type\":\"message\",\"text\":\"A **reply** to `it`\",\"replyTo\":1},\"epoch\":\"{{epoch}}\",\"id\":4}",
    "{\"type\":\"publish\",\"room\":\"lobby\",\"key\":\"3199855649-1930732185-3810338160-2731403507\",\"event\":{\"type\":\"edit\",\"target\":2,\"text\":\"A better reply\"},\"epoch\":\"{{epoch}}\",\"id\":5}",
    "{\"type\":\"publish\",\"room\":\"lobby\",\"key\":\"3811237876-2870514038-2318021726-2102862406\",\"event\":{\"type\":\"reaction\",\"target\":1,\"reaction\":\"👍\",\"action\":\"add\"},\"epoch\":\"{{epoch}}\",\"id\":6}",
    "{\"type\":\"publish\",\"room\":\"lobby\",\"key\":\"995437052-3476429336-197420289-1353499873\",\"event\":{\"type\":\"reaction\",\"target\":1,\"reaction\":\"👍\",\"action\":\"remove\"},\"epoch\":\"{{epoch}}\",\"id\":7}",
    "{\"type\":\"typing\",\"room\":\"lobby\",\"active\":true}",
    "{\"type\":\"history\",\"room\":\"lobby\",\"epoch\":\"{{epoch}}\",\"before\":2,\"limit\":20,\"id\":8}",
    "{\"type\":\"read\",\"room\":\"lobby\",\"position\":{\"epoch\":\"{{epoch}}\",\"offset\":2}}",
    "{\"type\":\"publish\",\"room\":\"lobby\",\"key\":\"3860732300-2147881174-259614215-661692000\",\"event\":{\"type\":\"delete\",\"target\":2},\"epoch\":\"{{epoch}}\",\"id\":9}",
    "{\"type\":\"typing\",\"room\":\"lobby\",\"active\":false}",
    "{\"type\":\"ping\",\"id\":10}",
    "{\"type\":\"leave\",\"room\":\"lobby\",\"id\":11}"
  ],
  [
    "{\"type\":\"connect\",\"id\":1,\"version\":1,\"user\":{\"name\":\"Grace\"}}",
    "{\"type\":\"join\",\"room\":\"lobby\",\"recent\":0,\"id\":2}",
    "{\"type\":\"publish\",\"room\":\"lobby\",\"key\":\"1357020499-2611511803-4282443084-1564342027\",\"event\":{\"type\":\"message\",\"text\":\"before the cut\"},\"id\":3}"
  ],
  [
    "{\"type\":\"connect\",\"id\":1,\"version\":1,\"user\":{\"name\":\"Grace\"},\"resume\":\"g_GxWcMEcNIx0a.vJ1hCq3gh7ngyKGS7GJ1vtZXuQa9mlJc8oq0hhb4n_k\"}",
    "{\"type\":\"join\",\"room\":\"lobby\",\"recent\":0,\"position\":{\"epoch\":\"{{epoch}}\",\"offset\":7},\"id\":4}",
    "{\"type\":\"publish\",\"room\":\"lobby\",\"key\":\"2779471729-2028522664-365228506-2967010960\",\"event\":{\"type\":\"message\",\"text\":\"written while away\"},\"id\":5}"
  ],
  [
    "{\"type\":\"connect\",\"id\":1,\"version\":1,\"token\":\"{{token}}\"}",
    "{\"type\":\"join\",\"room\":\"lobby\",\"recent\":0,\"id\":2}",
    "{\"type\":\"publish\",\"room\":\"lobby\",\"key\":\"2524182844-1323949258-334089298-346657543\",\"event\":{\"type\":\"message\",\"text\":\"to be pinned\"},\"id\":3}",
    "{\"type\":\"publish\",\"room\":\"lobby\",\"key\":\"2038450631-174249067-310114897-832870570\",\"event\":{\"type\":\"moderation\",\"action\":{\"type\":\"pin\",\"target\":9}},\"epoch\":\"{{epoch}}\",\"id\":4}",
    "{\"type\":\"publish\",\"room\":\"lobby\",\"key\":\"3910492047-1754523828-952114977-2860044402\",\"event\":{\"type\":\"moderation\",\"action\":{\"type\":\"slowMode\",\"intervalMs\":1000}},\"epoch\":\"{{epoch}}\",\"id\":5}",
    "{\"type\":\"publish\",\"room\":\"lobby\",\"key\":\"3275370950-385751951-315367869-1256020952\",\"event\":{\"type\":\"moderation\",\"action\":{\"type\":\"mute\",\"member\":{\"id\":\"g_somebody\",\"name\":\"Somebody\"},\"until\":4000000000000}},\"epoch\":\"{{epoch}}\",\"id\":6}",
    "{\"type\":\"publish\",\"room\":\"lobby\",\"key\":\"3672636017-2366349402-1518093596-459733719\",\"event\":{\"type\":\"moderation\",\"action\":{\"type\":\"ban\",\"member\":{\"id\":\"g_somebody\",\"name\":\"Somebody\"}}},\"epoch\":\"{{epoch}}\",\"id\":7}",
    "{\"type\":\"sanctions\",\"limit\":10,\"room\":\"lobby\",\"id\":8}",
    "{\"type\":\"publish\",\"room\":\"lobby\",\"key\":\"1458065403-240456911-3682713953-114307433\",\"event\":{\"type\":\"moderation\",\"action\":{\"type\":\"unmute\",\"member\":{\"id\":\"g_somebody\",\"name\":\"Somebody\"}}},\"epoch\":\"{{epoch}}\",\"id\":9}",
    "{\"type\":\"publish\",\"room\":\"lobby\",\"key\":\"2090665075-791734083-1391536459-990307105\",\"event\":{\"type\":\"moderation\",\"action\":{\"type\":\"unban\",\"member\":{\"id\":\"g_somebody\",\"name\":\"Somebody\"}}},\"epoch\":\"{{epoch}}\",\"id\":10}",
    "{\"type\":\"publish\",\"room\":\"lobby\",\"key\":\"602284397-1175042143-549205615-2487448318\",\"event\":{\"type\":\"moderation\",\"action\":{\"type\":\"slowMode\",\"intervalMs\":0}},\"epoch\":\"{{epoch}}\",\"id\":11}",
    "{\"type\":\"publish\",\"room\":\"lobby\",\"key\":\"684019856-2809115706-2823211474-150578144\",\"event\":{\"type\":\"moderation\",\"action\":{\"type\":\"unpin\"}},\"epoch\":\"{{epoch}}\",\"id\":12}"
  ],
  [
    "{\"type\":\"connect\",\"id\":1,\"version\":1,\"user\":{\"name\":\"Cursor\"}}",
    "{\"type\":\"join\",\"room\":\"board/1\",\"recent\":0,\"id\":2}",
    "{\"type\":\"publish\",\"room\":\"board/1\",\"key\":\"741979884-611960458-276696629-2205880731\",\"event\":{\"type\":\"custom\",\"name\":\"move\",\"data\":{\"from\":[1,2],\"to\":{\"x\":3.5,\"y\":-1e-7},\"piece\":null,\"isCheck\":true}},\"id\":3}",
    "{\"type\":\"ephemeral\",\"room\":\"board/1\",\"name\":\"cursor\",\"data\":{\"x\":0.25,\"y\":0.75}}",
    "{\"type\":\"ping\",\"id\":4}"
  ],
  [
    "{\"type\":\"connect\",\"id\":1,\"version\":1,\"user\":{\"name\":\"Everywhere\"}}",
    "{\"type\":\"join\",\"room\":\"大廳\",\"recent\":0,\"id\":2}",
    "{\"type\":\"join\",\"room\":\"https://example.com/a?b=c\",\"recent\":0,\"id\":3}",
    "{\"type\":\"join\",\"room\":\"team-1\",\"recent\":0,\"id\":4}",
    "{\"type\":\"join\",\"room\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\",\"recent\":0,\"id\":5}",
    "{\"type\":\"join\",\"room\":\"👩‍👩‍👧‍👦\",\"recent\":0,\"id\":6}",
    "{\"type\":\"publish\",\"room\":\"大廳\",\"key\":\"3326791659-4011568977-3030077431-1259372880\",\"event\":{\"type\":\"message\",\"text\":\"in 大廳\"},\"id\":7}",
    "{\"type\":\"publish\",\"room\":\"https://example.com/a?b=c\",\"key\":\"1866444400-2374482098-330448119-3742957425\",\"event\":{\"type\":\"message\",\"text\":\"in https://example.com/a?b=c\"},\"id\":8}",
    "{\"type\":\"publish\",\"room\":\"team-1\",\"key\":\"663908456-2100721688-3209820578-852705416\",\"event\":{\"type\":\"message\",\"text\":\"in team-1\"},\"id\":9}",
    "{\"type\":\"publish\",\"room\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\",\"key\":\"2797282044-3329291584-2097879264-3756619350\",\"event\":{\"type\":\"message\",\"text\":\"in xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"},\"id\":10}",
    "{\"type\":\"publish\",\"room\":\"👩‍👩‍👧‍👦\",\"key\":\"2128901935-2622659607-395679153-2946283125\",\"event\":{\"type\":\"message\",\"text\":\"in 👩‍👩‍👧‍👦\"},\"id\":11}",
    "{\"type\":\"leave\",\"room\":\"大廳\",\"id\":12}",
    "{\"type\":\"leave\",\"room\":\"https://example.com/a?b=c\",\"id\":13}",
    "{\"type\":\"leave\",\"room\":\"team-1\",\"id\":14}",
    "{\"type\":\"leave\",\"room\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\",\"id\":15}",
    "{\"type\":\"leave\",\"room\":\"👩‍👩‍👧‍👦\",\"id\":16}"
  ],
  [
    "{\"type\":\"connect\",\"id\":1,\"version\":1,\"user\":{\"name\":\"Sender\"}}",
    "{\"type\":\"join\",\"room\":\"lobby\",\"recent\":0,\"id\":2}",
    "{\"type\":\"upload\",\"name\":\"notes.txt\",\"mediaType\":\"text/plain\",\"bytes\":10,\"room\":\"lobby\",\"id\":3}",
    "{\"type\":\"publish\",\"room\":\"lobby\",\"key\":\"3360102294-1020309295-3867328665-850840394\",\"event\":{\"type\":\"message\",\"text\":\"see there\",\"data\":{\"attachments\":[{\"url\":\"/files/0mwsyp0t5Jp-Hn1pqARXOxkdc3a-gaUmi/notes.txt\",\"name\":\"notes.txt\",\"mediaType\":\"text/plain\",\"bytes\":10}]}},\"id\":4}"
  ]
];
