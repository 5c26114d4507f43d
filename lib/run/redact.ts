/** A function that hides the values of secrets in text. */
export function redactor(secrets: string[]): (text: string) => string {
  const hidden = secrets.filter((secret) => secret !== '').sort((a, b) => b.length - a.length)
  return (text) => hidden.reduce((shown, secret) => shown.replaceAll(secret, '***'), text)
}
