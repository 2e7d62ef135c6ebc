// plugin holds what those options of the capability secrets do alike whose files a plugin of Argo CD reads. It knows none of them.
{
  // script is what the plugin's shell runs in a folder of this repository: for others, those of teams, it would open what they took from
  // here. It ends where a key is lacking, or where something stands in the folder that is
  // to be encrypted, as a file of another ending: what is left out in silence nobody would miss in time.
  script(platform, key, body, ending)::
    std.join('\n', [
      'set -eu',
      'refuse() { echo "$1" >&2; exit 1; }',
      '[ "$ARGOCD_APP_SOURCE_REPO_URL" = ' + std.escapeStringBash(platform.spec.repository.url) + ' ] || refuse "this is of another repository"',
      '[ -s /keys/' + key + ' ] || refuse "there is no key: README.md says how to make its Secret"',
      'for file in *.yaml *.yml *.json; do',
      '  [ ! -e "$file" ] || refuse "$file is not encrypted: it must be $file.' + ending + '"',
      'done',
    ]) + '\n' + body,

  // serves says whether there is a plugin: where Argo CD is ours, and there is an image for it.
  serves(platform, component, image):: platform.gitops.namespace != null && image != null,

  // outside tells what is to be done where Argo CD is not of this repository.
  outside(platform, name):: if platform.gitops.namespace != null then [] else [{
    what: 'Argo CD stands outside of this repository, and does not know the plugin ' + name,
    do: 'give it a plugin of this name that reads what ' + name + ' encrypted',
  }],

  // prefix is that of an image's name, for the registries that are trusted.
  prefix(component, image)::
    local parts = std.split(image, '/');
    if std.length(parts) < 2 || !std.member(parts[std.length(parts) - 1], ':') then
      error 'components.' + component + '.params.image: ' + image + ': want an image with its registry and its version, such as registry.example.org/' + component + ':1.0.0'
    else std.join('/', parts[:std.length(parts) - 1]) + '/',

  // manual fills in what README.md says.
  manual(platform, text):: std.strReplace(
    std.strReplace(text, 'ARGOCD', if platform.gitops.namespace != null then platform.gitops.namespace else 'argocd'), 'HUB', platform.cluster.name
  ),

  // secret is that of the keys, beside Argo CD.
  secret(platform, name, keys, purpose)::
    if !platform.hub || platform.gitops.namespace == null then [] else [{ name: name, namespace: platform.gitops.namespace, keys: keys, purpose: purpose }],
}
