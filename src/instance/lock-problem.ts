/** One line for people: what stands in the way of a lock on that file, by a system error's code. */
export function reasonOf(path: string, code: string): string {
  switch (code) {
    case "ENOENT":
      return `the folder of ${path} does not exist`;
    case "EROFS":
    case "EACCES":
    case "EPERM":
      return `${path} may not be written (${code})`;
    case "ENOLCK":
    case "EOPNOTSUPP":
    case "ENOTSUP":
    case "ENOSYS":
      return `the file system of ${path} has no locks (${code})`;
    case "ENOSPC":
    case "EDQUOT":
      return `no space is left for ${path} (${code})`;
    default:
      return `${path} cannot be locked (${code})`;
  }
}
