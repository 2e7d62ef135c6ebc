// git-crypt keeps files in Git encrypted with one key, and in clear where somebody works who has that. A plugin of Argo CD reads
// them.
local component = import '../lib/component.libsonnet';
local data = import '../lib/data.libsonnet';
local plugin = import '../lib/plugin.libsonnet';

local name = 'git-crypt';
local folder = 'secrets';
local keys = 'git-crypt-key';

// script reads what Git keeps. A clone without the key commits in clear without a word: such a file is refused.
local script(platform) = plugin.script(platform, 'key', |||
  for file in *.crypt; do
    [ -e "$file" ] || continue
    [ "$(head -c 9 "$file" | tail -c 8)" = GITCRYPT ] || refuse "$file is not encrypted in Git: what is in it is known now"
    echo ---
    git-crypt smudge --key-file=/keys/key < "$file"
  done
|||, 'crypt');

local manual = |||
  ## Secrets

  Secrets stand in Git encrypted, and in your clone in clear, by [git-crypt](https://github.com/AGWA/git-crypt): all with one key. Make it once, and give it to Argo CD:

  ```sh
  git-crypt init
  git-crypt export-key ../git-crypt.key
  kubectl -n ARGOCD create secret generic git-crypt-key --from-file=key=../git-crypt.key
  ```

  Keep that file where you keep passwords, never in Git: without it nobody can read the secrets again. `git-crypt unlock ../git-crypt.key` opens another clone. In one that is
  not opened, what you add is committed in clear, without a word: `git-crypt status -e` tells before you push.

  Argo CD reads nothing of it by itself. A plugin beside its repo server does, with that key, in an image that you make:

  ```sh
  docker build -t REGISTRY/git-crypt:0.7.0 - <<'EOF'
  FROM docker.io/library/debian:12-slim
  RUN apt-get update && apt-get install --yes --no-install-recommends git-crypt && rm -rf /var/lib/apt/lists/*
  USER 999
  EOF
  ```

  Push it, and set `components.git-crypt.params.image` to its name. Whoever may read Argo CD's cache reads the Secrets, too: they are in it as it applies them.

  Below `clusters/HUB/secrets/` each file `*.yaml.crypt` holds objects. A first one:

  ```sh
  cat > clusters/HUB/secrets/example.yaml.crypt <<'EOF'
  apiVersion: v1
  kind: Secret
  metadata:
    name: example
    namespace: default
  stringData:
    password: change-me
  EOF
  git add clusters/HUB/secrets && git-crypt status -e
  ```

  **Another key**, since somebody leaves who has this one: they can read all that was ever committed, so change the passwords themselves, too. In a clone that is opened, with
  nothing to commit:

  ```sh
  rm -rf .git/git-crypt .git-crypt && git-crypt init && git-crypt export-key ../git-crypt-new.key
  git add --renormalize . && git commit --message 'Encrypt with another key'
  kubectl -n ARGOCD create secret generic git-crypt-key --from-file=key=../git-crypt-new.key --dry-run=client -o yaml | kubectl replace -f -
  ```

  Then push. **A cluster that is built anew** gets its Secrets by the bootstrap: make `git-crypt-key` again of the file that you kept, and Argo CD brings all others.
|||;

component(
  {
    name: name,
    purpose: 'keeps Secrets in Git encrypted, all with one key',
    capability: 'secrets',
    option: name,
    params: {
      image: 'the image with git-crypt, for the plugin of Argo CD',
    },
  },
  {
    namespace: name,  // nothing stands there: an object that names no namespace is refused
    image: null,
  },
  function(p, platform)
    local reads = plugin.serves(platform, name, p.image);
    {
      folders: {
        [folder]: 'What stands here as `*.yaml.crypt` is deployed to ' + platform.cluster.name + ', encrypted by git-crypt. README.md of this repository says how it is made.',
      },
      attributes: { ['clusters/*/' + folder + '/*.crypt']: 'filter=git-crypt diff=git-crypt' },
      registries: if p.image == null then [] else [plugin.prefix(name, p.image)],
      decisions: if !platform.hub then [] else plugin.outside(platform, name) + if p.image != null then [] else [{
        what: 'Argo CD reads nothing that git-crypt encrypted',
        do: 'make an image as README.md says, and set components.git-crypt.params.image to its name',
      }],
      readme: if !platform.hub then {} else {
        section: plugin.manual(platform, manual),
        edit: '`clusters/<cluster>/' + folder + '/*.yaml.crypt`: encrypted Secrets.',
      },
      agents: 'Secrets are files `*.yaml.crypt` in `clusters/<cluster>/' + folder + '/`, which git-crypt encrypts as they are added: `git-crypt status -e` says whether it did.',
      ignored: { 'git-crypt*.key': 'The key of all secrets.' },
      data: if !platform.hub || platform.gitops.namespace == null then [] else [data.secret(platform, platform.gitops.namespace, keys, {
        what: 'the key of git-crypt',
        loss: 'what git-crypt has encrypted, which Argo CD cannot read',
        keep: 'keep the key where you keep passwords, and outside of the cluster',
        restore: '```sh\nkubectl -n ' + platform.gitops.namespace + ' create secret generic ' + keys + ' --from-file=key=KEYFILE\n```\n',
      })],
      secrets: plugin.secret(platform, keys, ['key'], 'what is encrypted by git-crypt'),
      provides:: {
        apiVersion: 'v1',
        kind: 'Secret',
        folder: 'clusters/' + platform.cluster.name + '/' + folder,
        [if reads then 'plugin']: { name: name, files: '*.crypt', script: script(platform), keys: keys, image: p.image },
      },
    },
)
