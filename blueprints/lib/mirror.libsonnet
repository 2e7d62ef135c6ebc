// mirror says where images and charts come from on a site that has registries of its own.
//
// Of the prefixes in {images: {prefix: to}, charts: {prefix: to}} the longest counts. '*' stands for everything else:
// images keep their whole name below it, charts all stand in that one repository.
local longest(table, name) =
  local fitting = std.sort([prefix for prefix in std.objectFields(table) if prefix != '*' && std.startsWith(name, prefix)], std.length);
  if fitting != [] then fitting[std.length(fitting) - 1]
  else if '*' in table then '*';

// whole writes out the name of an image: without a registry it is one of docker.io, and there without a folder one of library.
local whole(ref) =
  local parts = std.split(ref, '/');
  local hasHost = std.length(parts) > 1 && (std.member(parts[0], '.') || std.member(parts[0], ':') || parts[0] == 'localhost');
  if parts[0] == 'docker.io' && std.length(parts) == 2 && parts[1] != '' then 'docker.io/library/' + parts[1]
  else if hasHost then ref
  else if std.length(parts) > 1 then 'docker.io/' + ref
  else 'docker.io/library/' + ref;

function(mirror) {
  local images = std.get(mirror, 'images', {}),
  local charts = std.get(mirror, 'charts', {}),

  // image gives the name under which an image, or a prefix of images, is had here; tag and digest stay.
  image(ref)::
    if images == {} then ref
    else
      local name = whole(ref);
      local prefix = longest(images, name);
      if prefix == null then ref
      else if prefix == '*' then images[prefix] + name
      else images[prefix] + std.substr(name, std.length(prefix), std.length(name)),

  // imageParts gives the same in two: {registry, repository}, as many charts ask for it.
  imageParts(ref)::
    local parts = std.split(whole(self.image(ref)), '/');
    { registry: parts[0], repository: std.join('/', parts[1:]) },

  // chartRepo gives the repository in which the charts of another are had here.
  chartRepo(repo)::
    local prefix = longest(charts, repo);
    if prefix == null then repo
    else if prefix == '*' then charts[prefix]
    else charts[prefix] + std.substr(repo, std.length(prefix), std.length(repo)),
}
