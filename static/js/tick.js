// A worker that only says when a second has passed: pages that nobody looks at have their own timers slowed down to a minute.
setInterval(() => postMessage(0), 1000);
