interface SettingsWords {
  /** What the plug-in is for. */
  readonly about: string
  /** By name of the setting. */
  readonly properties: Readonly<Record<string, { readonly title: string; readonly description?: string }>>
}

/** The settings in Japanese; in English they are as the schema says. */
export const settingsJa: SettingsWords = {
  about: '実行した内容をクラスに伝え、困っている人を教員が見つけられるようにします。質問もできます。',
  properties: {
    enabled: {
      title: 'クラスと共有する',
      description: 'オフにすると、何も記録・送信されません。送信待ちの内容はこのパソコンに残ります。',
    },
    server: {
      title: 'サーバーのアドレス',
      description: '担当の先生から伝えられたもの。例: https://lectern.example.org',
    },
    code: { title: '参加コード', description: 'クラスのコード。' },
    name: { title: '名前', description: 'クラスの教員に表示されます。' },
    email: {
      title: 'メールアドレス（任意）',
      description: '入力しておくと、別のパソコンでも同じ学生として続けられます。',
    },
    team: { title: 'グループや座席（任意）' },
    helpOffersPerDay: {
      title: '1 日に質問をすすめる回数',
      description:
        '同じセルで同じエラーが 3 回続くと、質問するかどうかを Lectern がたずねます。その 1 日あたりの上限です。0: たずねません。',
    },
  },
}
