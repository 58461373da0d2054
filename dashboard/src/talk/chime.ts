/** Two tones, Hz, each after so many seconds: low enough for a class room, clear enough through talk. */
const TONES = [
  { hz: 659, at: 0 },
  { hz: 880, at: 0.14 },
] as const
const LOUD = 0.12
const SECONDS = 0.5

let context: AudioContext | undefined

/** Sounds once. A browser that nobody has touched yet stays silent until somebody does. */
export function chime(): void {
  context ??= new AudioContext()
  void context.resume()
  const { currentTime, destination } = context
  for (const { hz, at } of TONES) {
    const tone = new OscillatorNode(context, { frequency: hz })
    const volume = new GainNode(context, { gain: 0 })
    const begin = currentTime + at
    volume.gain.setValueAtTime(0, begin)
    volume.gain.linearRampToValueAtTime(LOUD, begin + 0.02)
    volume.gain.exponentialRampToValueAtTime(0.0001, begin + SECONDS)
    tone.connect(volume).connect(destination)
    tone.start(begin)
    tone.stop(begin + SECONDS)
  }
}
