declare module 'parse-prometheus-text-format' {
  /** One metric with its samples; every value is text. */
  interface Family {
    name: string
    help: string
    type: string
    metrics: {
      value?: string
      count?: string
      sum?: string
      labels?: Record<string, string>
      buckets?: Record<string, string>
    }[]
  }
  const parse: (text: string) => Family[]
  export = parse
}
