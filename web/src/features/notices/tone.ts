import type { NoticeTone } from '../../domain/notices.ts';

const toneHz: Record<NoticeTone, number> = { neutral: 520, up: 660, down: 440, warn: 330 };
const toneSeconds = 0.12;
const volume = 0.06;
/** Tones closer to each other than this are one. */
const restMsMin = 150;

let context: AudioContext | undefined;
let lastAtMs = 0;

/** A short, soft tone: higher for a buy, lower for a sell, lowest for a warning. Silent where the browser allows no sound yet. */
export function playTone(tone: NoticeTone): void {
  const nowMs = Date.now();
  if (nowMs - lastAtMs < restMsMin) return;
  lastAtMs = nowMs;
  context ??= new AudioContext();
  const gain = context.createGain();
  gain.gain.setValueAtTime(volume, context.currentTime);
  gain.gain.exponentialRampToValueAtTime(volume / 100, context.currentTime + toneSeconds);
  const oscillator = context.createOscillator();
  oscillator.frequency.value = toneHz[tone];
  oscillator.connect(gain).connect(context.destination);
  oscillator.start();
  oscillator.stop(context.currentTime + toneSeconds);
}
