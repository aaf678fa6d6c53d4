/**
 * What keys, tokens and addresses look like, wherever they stand: a template may put letters right
 * before one. Each takes time linear in the text's length (every run in front of a condition is
 * bounded) and is replaced whole.
 */
export const secretShapes: readonly RegExp[] = [
  /-----BEGIN [A-Z ]{1,40}(?:-----)?.*/gs,
  // A name that promises a secret, with its value: any such name, then those that need `=`.
  /[\w-]{0,40}(?:password|passwd|passwort|passphrase|passcode|secret|token|api[_-]?key|access[_-]?key|credential|\bpwd|_pwd)[\w-]{0,40}["']?\s{0,3}[=:]\s{0,3}\S+/gi,
  /[\w-]{0,40}(?:pass|pwd|pw|auth|key|sig|signature|cookie|session|sid)["']?=\S+/gi,
  // The same as options of a command, and what is said in words.
  /(?<!\S)--?[\w-]{0,40}(?:password|passwd|passphrase|pass|pwd|secret|token|key|auth|credentials?)\s+[^\s-]\S*/gi,
  /(?<!\S)(?:-[uU][\s=]*|--(?:proxy-)?user[\s=]+)[^\s:]{1,64}:\S+/g,
  // Commands whose option for a password has one letter: attached to it, or the next word.
  /(?:mysql\w{0,8}|mariadb\w{0,8}(?:-\w{1,8})?|sshpass|mongo\w{0,8}|7z[ar]?)\s(?:[^|;&]{0,80}\s)?-p\s?[^\s-]\S*/g,
  /(?:docker|podman|buildah|skopeo|nerdctl|helm registry|az|oc|cf|twine|npm|heroku)\s(?:login|upload)\s(?:[^|;&]{0,80}\s)?-p[\s=]?[^\s-]\S*/g,
  /(?:redis-cli|valkey-cli)\s(?:[^|;&]{0,80}\s)?-a\s?[^\s-]\S*/g,
  /(?:ldap\w{2,10}|sqlcmd)\s(?:[^|;&]{0,80}\s)?-(?:w|P)\s?[^\s-]\S*/g,
  /(?:un)?zip\s(?:[^|;&]{0,80}\s)?-P\s?[^\s-]\S*/g,
  /smb\w{2,8}\s(?:[^|;&]{0,80}\s)?-U\s?[^\s%]{1,64}%\S+/g,
  /(?<!\S)-pass(?:in|out)\s+(?:pass|env|file):\S+/g,
  /(?:password|passwort|passphrase|passcode)\s+(?:is\s+|ist\s+)?(?=\S{0,64}\d)\S{6,}/gi,
  /(?:bearer|basic)\s+(?=[\w~+/.=-]{0,200}\d)[\w~+/.=-]{8,}/gi,
  // Without a digit in it, too, unless it is what one says of such tokens.
  /bearer\s+(?!(?:auth|token|scheme|header|middleware|credential|secur|support|format|strateg|validat|handl|error|prefix|parser|guard|of\b|only\b|access\b|instead|and\b)[\w-]*(?![\w~+/.=-]))[\w~+/.=-]{8,}/gi,
  /(?<=authorization["']?\s{0,3}[:=]\s{0,3}["']?)(?:bearer|basic|digest|token|negotiate)\s+\S+/gi,
  /basic\s+(?:[A-Za-z0-9+/]{4}){2,200}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)/gi,
  /[Bb]asic\s+(?=[A-Za-z]{0,80}[a-z][A-Z]{2,20}[a-z])[A-Za-z+/]{12,}/g,
  /(?:token|apikey)\s+(?=[\w~+/.=-]{0,200}\d)[\w~+/.=-]{16,}/gi,
  // JSON Web Token; what comes after its first part may have been cut off.
  /(?:\beyJ[\w-]{8,}|eyJ(?=[\w-]{0,200}\d)[\w-]{16,}|eyJ[\w-]{16,}(?=\.[\w-]{8}))(?:\.[\w-]*){0,4}/g,
  // Keys that begin with what they are for. Nothing else begins like these, so letters are enough;
  // words that end in "ghs" have a vowel before it.
  /(?<![iu])gh[pousr]_[\w-]{8,}/g,
  /(?:github_pat_|gl(?:pat|dt|rt|ptt|cbt|soat|ft|imt|agent)-|xox[abeoprs]-|xapp-)[\w-]{12,}/g,
  // One run of letters that is longer than any word.
  /(?:sk-(?:(?:proj|ant|or|svcacct|admin)-)?|[spr]k_(?:live|test)_|npm_|pypi-|hf_|gsk_|xai-|pplx-|nvapi-|dop_v1_|shp[a-z]{2}_|sbp_|lin_api_|figd_|glsa_|hv[sb]\.|AIza)[A-Za-z]{20,}/g,
  // The same of makers whose beginnings are no words, from sixteen letters on.
  /(?<![A-Za-z])(?:sk-(?:proj|ant|or|svcacct)-|[spr]k_(?:live|test)_|whsec_|rzp_(?:live|test)_|dckr_(?:pat|oat)_|nfp_|ntn_|rubygems_|tskey-[a-z]{2,12}-|PMAK-|CFPAT-|sntrys_|sntryu_|ph[cxs]_|fo1_|fm[12]_|sq0[a-z]{3}-|EAAA|EAACEd|LTAI|AKID|ya29\.|SG\.|glc_|dapi|r8_|vercel_|ATCTT|ATBB|secret_)[\w.-]{0,6}(?=[\w.-]{0,200}[A-Za-z0-9]{16})[\w.-]{16,}/g,
  // Telegram's bots, and Firebase's messages.
  /(?<!\d)\d{8,10}:AA[\w-]{30,}/g,
  /[\w-]{8,}:APA91[\w-]{16,}/g,
  // Names that mean nothing else, then names that might.
  /(?:gh[pousr]_|github_pat_|gl(?:pat|dt|rt|ptt|cbt|soat|ft|imt|agent)-|xox[abeoprs]-|xapp-|sk-(?:proj|ant|or|svcacct|admin)-|[spr]k_(?:live|test)_|whsec_|rzp_(?:live|test)_|GOCSPX-|xkeysib-|AGE-SECRET-KEY-)(?=[\w.-]{0,200}\d)[\w.-]{8,}/g,
  /(?:npm_|pypi-|hf_|dop_v1_|shp[a-z]{2}_|sbp_|pat_|lin_api_|figd_|fw_|csk-|lsv2_|sq0[a-z]{3}-|napi_|hcaik_|pnu_|rdme_|NRAK-|dt0c01\.|hv[sb]\.|ATATT|SG\.|ya29\.|AIza)(?=[\w.-]{0,200}\d)[\w.-]{16,}/g,
  /(?<![A-Za-z0-9])[spr]k[-_](?=[\w-]{0,200}\d)[\w-]{12,}/g,
  /A(?:KIA|SIA|ROA|IDA)[A-Z0-9]{12,}/g,
  // A Discord bot's token, and the secret of a webhook's address.
  /[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}/g,
  /webhooks\/\d+\/[\w-]+/gi,
  // Who logs in where: `https://user:secret@host`.
  /(?<=:\/\/)[^\s/@]{1,200}@/g,
  // Ids and digests in hexadecimal, and long runs that mix capitals, small letters and digits.
  /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi,
  /(?<![0-9a-f])(?=[a-f]{0,40}\d)[0-9a-f]{32,}(?:[-_][0-9a-f]{6,64}){0,4}/gi,
  /(?<![A-Za-z0-9])(?=[A-Za-z0-9+_=]{0,200}[A-Z])(?=[A-Za-z0-9+_=]{0,200}[a-z])(?=(?:[A-Za-z+_=]{0,80}\d){3})[A-Za-z0-9+_=]{32,}/g,
  // E-mail.
  /[\p{L}\p{N}._%+'-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,6}/gu,
  /[\p{L}\p{N}._%+'-]{1,64} ?[([]at[)\]] ?[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,6}/giu,
  // Addresses of machines: IPv6 in full and shortened, network cards, IPv4.
  /(?<![0-9a-f:])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![\w:])/gi,
  /(?<![0-9a-f:])(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})?::(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})?(?:%\w+)?(?![\w:])/gi,
  /(?<![0-9a-f:])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![0-9a-f:])/gi,
  /(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?!\d|\.\d)/g,
];

/**
 * What looks like one in a text of few words. In an address it is more often the id of a picture,
 * so addresses are not judged by these.
 */
export const likelyShapes: readonly RegExp[] = [
  // Accounts (IBAN), in capitals with or without groups, or in one piece.
  /(?<![A-Z0-9])[A-Z]{2}\d{2}(?:[ .\p{Pd}]?[A-Z0-9]{4}){3,7}(?:[ .\p{Pd}]?[A-Z0-9]{1,3})?(?![A-Za-z0-9])/gu,
  /(?<![a-z0-9])[a-z]{2}\d{2}[a-z0-9]{0,4}\d{10,26}(?![a-z0-9])/g,
  // Letters and digits that take turns: in one word four times, in an AWS key with slashes between.
  /(?<![A-Za-z0-9])(?=[A-Za-z]{0,24}\d{1,24}(?:[A-Za-z]{1,24}\d{1,24}){3})[A-Za-z0-9]{16,}/g,
  /(?<![\w/+])(?=[A-Za-z/+]{0,24}\d{1,24}(?:[A-Za-z/+]{1,24}\d{1,24}){3})[A-Za-z0-9/+]{38,64}(?![\w/+])/g,
  // Base32, as in second factors; groups of capitals and digits, as in licences.
  /(?<![A-Za-z0-9])(?=[A-Z]{1,24}[2-7]{1,24}[A-Z]{1,24}[2-7])[A-Z2-7]{16,}(?![A-Za-z0-9])/g,
  /(?<![A-Z0-9])(?=[A-Z0-9-]{0,40}(?:[A-Z]\d|\d[A-Z]))[A-Z0-9]{2,8}(?:-[A-Z0-9]{4,8}){3,12}(?![A-Za-z0-9])/g,
  // Numbers by which a person is known: cards, telephones, social security. Between
  // groups stands any of these signs; what begins like a date is none.
  /(?<!\d)(?:[3-6]\d|2[2-7])\d{2}(?:[ ._/\p{Pd}]{0,2}\d{4}){2}[ ._/\p{Pd}]{0,2}\d{1,7}(?:[ ._/\p{Pd}]\d{1,3})?(?!\d)/gu,
  /(?<!\d)(?:\d{4}([ .\p{Pd}])\d{4}\1\d{4}\1\d{1,7}|\d{15,19})(?!\d)/gu,
  // American Express and Diners Club group theirs 4-6-5 and 4-6-4.
  /(?<!\d)3[046-9]\d{2}([ ._/\p{Pd}]{0,2})\d{6}\1\d{4,5}(?!\d)/gu,
  // Groups of digits with single spaces between: 612 345 678, 32 123 45 67, 138 0013 8000.
  /(?<![\d.:,-]|\d )(?!(?:19|20)\d{2} )(?=(?:\d ?){9,15}(?![\d ]))\d{1,5}(?: \d{2,5}){2,8}(?![\d.:,-])/g,
  /\+\d[\d ()./_\p{Pd}]{7,20}\d/gu,
  // North America: 555-867-5309, (555) 867-5309, 1.555.867.5309, 5558675309, 555 8675309.
  /(?<!\d|\d[-.])(?:1[-. _])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[. _\p{Pd}])[2-9]\d{2}[. _\p{Pd}]?\d{4}(?!\d|[-.]\d)/gu,
  /(?<!\d|\d[-.])[2-9]\d{2}[2-9]\d{6}(?!\d|[-.]\d|[A-Za-z])/g,
  // With the area in parentheses: (11) 91234-5678, (02) 9876 5432, 8 (495) 123-45-67.
  /(?<!\d)(?:\d ?)?\(\d{1,5}\) ?(?=(?:[ .\p{Pd}]?\d){5,9}(?!\d))\d[\d .\p{Pd}]{4,12}\d(?!\d)/gu,
  // With zeros in front, the country's or the trunk's: 0171 2345678, 0049 171 234567, 06 12 34 56 78.
  /(?<!\d|\d[-./:])\(?0(?=(?:[ /()_\p{Pd}]{0,3}\d){8,13}(?!\d))(?:0[1-9]\d{0,2}|[1-9]\d{1,4})\)?[ /_\p{Pd}](?:\d{2,9}[ /_\p{Pd}]?){1,4}(?<=\d)(?!\d|[-.]\d)/gu,
  /(?<!\d|\d[-.:])0[1-9](?:[ ._\p{Pd}]\d{2}){4}(?!\d|[ .:-]\d)/gu,
  /(?<!\d|\d[-.])0[1-9]\d{8,10}(?!\d|[-.]\d|[A-Za-z])/g,
  /(?<!\d)00[1-9]\d{8,12}(?!\d)/g,
  // Of one digit is the area of 03-1234-5678, 02 9876 5432 and 08-123 456 78.
  /(?<!\d|\d[-.:/])0[1-9][ \p{Pd}](?:\d{3,4}[ \p{Pd}]\d{4}|\d{2,3} \d{2,3} \d{2,3})(?!\d|[-.]\d)/gu,
  // Mobiles without a zero in front: China, Russia, India, Brazil.
  /(?<!\d|\d[-.])1[3-9]\d([ _\p{Pd}]?)\d{4}\1\d{4}(?!\d|[-.]\d|[A-Za-z])/gu,
  /(?<!\d|\d[-.])8([ _\p{Pd}]?)[3-9]\d{2}\1\d{3}[ _\p{Pd}]?\d{2}[ _\p{Pd}]?\d{2}(?!\d|[-.]\d|[A-Za-z])/gu,
  /(?<!\d|\d[-.])[6-9]\d{4}[ _\p{Pd}]\d{5}(?!\d|[-.]\d|[A-Za-z])/gu,
  /(?<!\d|\d[-.])\d{2} 9?\d{4}\p{Pd}\d{4}(?!\d|[-.]\d)/gu,
  /(?<!\d|\d-)\d{3}-\d{2}-\d{4}(?![\d-])/g,
];
