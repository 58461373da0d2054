/** Who of the JupyterHub joins without a code, in English. */
export const hubEn = {
  title: 'Students of the JupyterHub',
  text: 'Whom the class is open to joins without a code, as who the Hub says they are.',
  nobody: 'Code needed',
  everyone: 'Everyone',
  groups: 'Groups',
  names: 'Groups of the Hub',
  namesHint: 'Separated by commas, as they are called on the Hub.',
  namesFault: 'Name at least one group.',
}
