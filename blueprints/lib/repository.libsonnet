// repository reads the URLs of Git repositories.
{
  // sshHost gives the host of a repository that is read by SSH, user@host:path or ssh://user@host:port/path, as ssh-keyscan
  // is asked for it; of any other it is null.
  sshHost(url)::
    local long = std.startsWith(url, 'ssh://');
    local parts = std.split(std.split(if long then url[6:] else url, '/')[0], '@');
    local address = std.split(parts[std.length(parts) - 1], ':');
    if std.startsWith(url, 'https://') || std.startsWith(url, 'http://') then null
    else if !long && std.length(std.findSubstr('://', url)) > 0 then null
    else if long && std.length(address) > 1 then '-p ' + address[1] + ' ' + address[0]
    else address[0],
}
