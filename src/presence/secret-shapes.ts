/**
 * What keys, tokens and addresses look like, wherever they stand: a template may put letters right
 * before one. Each takes time linear in the text's length (every run in front of a condition is
 * bounded) and is replaced whole.
 */
export const secretShapes: readonly RegExp[] = [
  /-----BEGIN [A-Z ]{1,40}(?:-----)?.*/gs,
  // A name that promises a secret, with its value.
  /[\w-]{0,40}(?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|credential)[\w-]{0,40}["']?\s{0,3}[=:]\s{0,3}\S+/gi,
  /(?:bearer|basic)\s+(?=[\w~+/.=-]{0,200}\d)[\w~+/.=-]{8,}/gi,
  // JSON Web Token; what comes after its first part may have been cut off.
  /(?:\beyJ[\w-]{8,}|eyJ(?=[\w-]{0,200}\d)[\w-]{16,})(?:\.[\w-]*){0,4}/g,
  // Keys that begin with what they are for: names that mean nothing else, then names that might.
  /(?:gh[pousr]_|github_pat_|gl(?:pat|dt|rt|ptt)-|xox[abeoprs]-|xapp-|sk-(?:proj|ant|or|svcacct)-|[spr]k_(?:live|test)_|whsec_)(?=[\w.-]{0,200}\d)[\w.-]{8,}/g,
  /(?:npm_|pypi-|hf_|dop_v1_|shp[a-z]{2}_|sbp_|pat_|lin_api_|figd_|ATATT|SG\.|ya29\.|AIza)(?=[\w.-]{0,200}\d)[\w.-]{16,}/g,
  /(?<![A-Za-z0-9])[spr]k[-_](?=[\w-]{0,200}\d)[\w-]{12,}/g,
  /A(?:KIA|SIA|ROA|IDA)[A-Z0-9]{12,}/g,
  // A Discord bot's token, and the secret of a webhook's address.
  /[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}/g,
  /webhooks\/\d+\/[\w-]+/gi,
  // Who logs in where: `https://user:secret@host`.
  /(?<=:\/\/)[^\s/@]{1,200}@/g,
  // Ids and digests in hexadecimal, and long runs that mix capitals, small letters and digits.
  /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi,
  /(?<![0-9a-f])(?=[a-f]{0,40}\d)[0-9a-f]{32,}/gi,
  /(?<![A-Za-z0-9])(?=[A-Za-z0-9+_=]{0,200}[A-Z])(?=[A-Za-z0-9+_=]{0,200}[a-z])(?=(?:[A-Za-z+_=]{0,80}\d){3})[A-Za-z0-9+_=]{32,}/g,
  // E-mail.
  /[\p{L}\p{N}._%+'-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,6}/gu,
  // Addresses of machines: IPv6 in full and shortened, network cards, IPv4.
  /(?<![0-9a-f:])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![\w:])/gi,
  /(?<![0-9a-f:])(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})?::(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})?(?:%\w+)?(?![\w:])/gi,
  /(?<![0-9a-f:-])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![0-9a-f:-])/gi,
  /(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?!\d|\.\d)/g,
];
