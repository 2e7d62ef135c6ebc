// git-secret keeps files in Git encrypted with the GPG keys of people, and leaves them out of it in clear. A plugin of Argo CD reads
// them, as one of these people.
local component = import '../lib/component.libsonnet';
local data = import '../lib/data.libsonnet';
local plugin = import '../lib/plugin.libsonnet';

local name = 'git-secret';
local folder = 'secrets';
local keys = 'git-secret-key';

local script(platform) = plugin.script(platform, 'key.asc', |||
  export GNUPGHOME="$(mktemp -d)"
  trap 'gpgconf --kill all; rm -rf "$GNUPGHOME"' EXIT
  gpg --batch --quiet --import /keys/key.asc
  for file in *.secret; do
    [ -e "$file" ] || continue
    echo ---
    gpg --batch --quiet --no-tty --decrypt "$file"
  done
|||, 'secret');

local manual = |||
  ## Secrets

  Secrets stand in Git encrypted with [GPG](https://gnupg.org) for each of those who may read them, by [git-secret](https://sobolevn.me/git-secret/); in clear they stand in
  your clone alone, and Git ignores them there. Begin once, as the first of these people, and let Argo CD be another, with a key of its own without a passphrase:

  ```sh
  git secret init
  git secret tell ann@example.org
  export HOME_OF_ARGOCD="$(mktemp -d)"
  gpg --homedir "$HOME_OF_ARGOCD" --batch --passphrase '' --quick-generate-key argocd@DOMAIN default default never
  gpg --homedir "$HOME_OF_ARGOCD" --armor --export argocd@DOMAIN | gpg --import
  git secret tell argocd@DOMAIN
  gpg --homedir "$HOME_OF_ARGOCD" --batch --pinentry-mode loopback --passphrase '' --armor --export-secret-keys argocd@DOMAIN > ../git-secret.asc
  kubectl -n ARGOCD create secret generic git-secret-key --from-file=key.asc=../git-secret.asc
  git add .gitsecret
  ```

  Keep `../git-secret.asc` where you keep passwords, never in Git. Argo CD reads nothing of it by itself: a plugin beside its repo server does, with that key. Whoever may read
  Argo CD's cache reads the Secrets, too: they are in it as it applies them.

  Below `clusters/HUB/secrets/` each file `*.yaml.secret` holds objects. A first one:

  ```sh
  cat > clusters/HUB/secrets/example.yaml <<'EOF'
  apiVersion: v1
  kind: Secret
  metadata:
    name: example
    namespace: default
  stringData:
    password: change-me
  EOF
  git secret add clusters/HUB/secrets/example.yaml
  git secret hide -m && git add .gitsecret clusters
  ```

  `git secret reveal` gives them in clear, `git secret hide -m` encrypts what was changed: without that a change stays in your clone.

  **People and keys.** Whoever comes sends a public key: `gpg --import`, `git secret tell`, `git secret reveal`, `git secret hide`. Whoever goes, and a key that is replaced, Argo CD's
  too, goes by `git secret removeperson`, and then the same; they can read all that was ever committed, so change the passwords themselves as well. The new key of Argo CD:

  ```sh
  kubectl -n ARGOCD create secret generic git-secret-key --from-file=key.asc=../git-secret.asc --dry-run=client -o yaml | kubectl replace -f -
  ```

  **A cluster that is built anew** gets its Secrets by the bootstrap: make `git-secret-key` again of the file that you kept, and Argo CD brings all others.
|||;

component(
  {
    name: name,
    purpose: 'keeps Secrets in Git encrypted for people, by their GPG keys',
    capability: 'secrets',
    option: name,
  },
  {
    namespace: name,  // nothing stands there: an object that names no namespace is refused
  },
  function(p, platform)
    {
      folders: {
        [folder]: 'What stands here as `*.yaml.secret` is deployed to ' + platform.cluster.name + ', encrypted by git-secret. README.md of this repository says how it is made.',
      },
      decisions: if !platform.hub then [] else plugin.outside(platform, name),
      readme: if !platform.hub then {} else {
        section: std.strReplace(plugin.manual(platform, manual), 'DOMAIN', platform.cluster.domain),
        edit: '`clusters/<cluster>/' + folder + '/*.yaml.secret`: encrypted Secrets, by `git secret hide`.',
      },
      agents: 'Secrets are files `*.yaml.secret` in `clusters/<cluster>/' + folder + '/`, which `git secret hide` makes of those without that ending; these are never committed.',
      ignored: {
        // git-secret would write these into .gitignore itself.
        '!*.secret': 'What git-secret encrypted.',
        '.gitsecret/keys/random_seed': "GPG's own.",
        ['clusters/*/' + folder + '/*.json']: 'Secrets in clear.',
        ['clusters/*/' + folder + '/*.yaml']: 'Secrets in clear.',
        ['clusters/*/' + folder + '/*.yml']: 'Secrets in clear.',
        'git-secret.asc': 'The key by which Argo CD reads all secrets.',
      },
      data: if !platform.hub || platform.gitops.namespace == null then [] else [data.secret(platform, platform.gitops.namespace, keys, {
        what: 'the key of git-secret',
        loss: 'what git-secret has encrypted, which Argo CD cannot read',
        keep: 'keep the key where you keep passwords, and outside of the cluster',
        restore: '```sh\nkubectl -n ' + platform.gitops.namespace + ' create secret generic ' + keys + ' --from-file=key.asc=KEYFILE\n```\n',
      })],
      secrets: plugin.secret(platform, keys, ['key.asc'], 'what is encrypted by git-secret'),
      provides:: {
        apiVersion: 'v1',
        kind: 'Secret',
        folder: 'clusters/' + platform.cluster.name + '/' + folder,
        [if platform.gitops.namespace != null then 'plugin']: { name: name, files: '*.secret', script: script(platform), keys: keys, image: null },
      },
    },
)
