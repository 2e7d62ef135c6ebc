// sops-secrets-operator makes Secrets of what stands in Git encrypted with SOPS.
local component = import '../lib/component.libsonnet';
local data = import '../lib/data.libsonnet';
local kube = import '../lib/kube.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'sops-secrets-operator';
local key = 'sops-age';
local folder = 'secrets';

// keys are those of parameters, which nothing has judged yet.
local keys(params, otherwise) =
  local complain(what) = error name + ': age ' + what + ': want a list of public keys, which begin with age1';
  local given = std.get(params, 'age', []);
  if given == null || given == [] then otherwise
  else if !std.isArray(given) then complain(given)
  else [if std.isString(key) && std.startsWith(key, 'age1') then key else complain(key) for key in given];

// scalar writes a text for YAML. What is no key, as far as its letters tell, is quoted, and no line ends in it.
local scalar(text) =
  if std.stripChars(text, 'abcdefghijklmnopqrstuvwxyz0123456789,') == '' then text
  else std.strReplace(std.strReplace(std.escapeStringJson(text), ' ', '\\u2028'), ' ', '\\u2029');

// The chart lets it do anything with all ConfigMaps, and make ServiceMonitors. Where a later version says other than
// what is tested here, the render fails.
local rights = [
  { op: 'test', path: '/rules/1/resources', value: ['configmaps', 'secrets'] },
  { op: 'replace', path: '/rules/1/resources', value: ['secrets'] },
  { op: 'replace', path: '/rules/1/verbs', value: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'] },
  { op: 'test', path: '/rules/4/resources', value: ['servicemonitors'] },
  { op: 'remove', path: '/rules/4' },
];

// How people make a key, and Secrets.
local manual = |||
  ## Secrets

  Secrets stand in Git encrypted. Once make a key of [age](https://age-encryption.org), and give it to the cluster, once the namespaces are there:

  ```sh
  age-keygen -o keys.txt
  kubectl -n NAMESPACE create secret generic sops-age --from-file=keys.txt
  ```

  Keep `keys.txt` where you keep passwords, never in Git: without it nobody can read the secrets again. Its public part, `age1…`, goes into
  `components.sops-secrets-operator.params.age` of `gitopsgen.yaml`, in a list; `gitopsgen scaffold` writes it into `.sops.yaml`.

  A SopsSecret below `clusters/HUB/secrets/` becomes Secrets, which pods use like all others. A first one:

  ```sh
  cat > clusters/HUB/secrets/example.yaml <<'EOF'
  apiVersion: isindir.github.com/v1alpha3
  kind: SopsSecret
  metadata:
    name: example
    namespace: default
  spec:
    secretTemplates:
      - name: example
        stringData:
          password: change-me
  EOF
  sops encrypt --in-place clusters/HUB/secrets/example.yaml
  ```

  Commit it and push: Argo CD applies it, and the operator makes the Secret `example`. `sops clusters/HUB/secrets/example.yaml` opens it again.

  **Another key**, since somebody leaves who has this one: they can read all that was ever committed, so change the passwords themselves, too. Give the cluster both keys, name the public
  part of the new one in place of the old, and encrypt all again:

  ```sh
  age-keygen -o ../new.txt && cat keys.txt ../new.txt > ../both.txt
  kubectl -n NAMESPACE create secret generic sops-age --from-file=keys.txt=../both.txt --dry-run=client -o yaml | kubectl replace -f -
  kubectl -n NAMESPACE rollout restart deployment sops-secrets-operator
  gitopsgen scaffold   # with the new key in components.sops-secrets-operator.params.age
  export SOPS_AGE_KEY_FILE=../both.txt
  for file in clusters/*/secrets/*.yaml; do sops updatekeys --yes "$file" && sops rotate --in-place "$file"; done
  ```

  Once that is pushed and synced, the Secret gets `../new.txt` alone, which is `keys.txt` from now on.

  **A cluster that is built anew** gets its Secrets by the bootstrap: make `sops-age` again of the `keys.txt` that you kept, and all others come out of Git.
|||;

// rules say for whom sops encrypts: the keys of each cluster, or those for all of them.
local rules(spec) =
  local all = keys(std.get(std.get(spec.components, name, {}), 'params', {}), []);
  local of(cluster) = keys(std.get(std.get(cluster.components, name, {}), 'params', {}), all);
  local told = [cluster for cluster in spec.clusters if of(cluster) != []];
  '# For whom sops encrypts: the public keys in components.sops-secrets-operator.params.age of gitopsgen.yaml.\n'
  + std.join('', [
    '# Nobody is named there yet for ' + cluster.name + ', so nothing can be encrypted; README.md says how to make a key.\n'
    for cluster in spec.clusters
    if of(cluster) == []
  ])
  + 'creation_rules:' + (if told == [] then ' []' else '') + '\n'
  + std.join('', [
    '  - path_regex: ^clusters/' + cluster.name + '/' + folder + '/\n'
    + '    encrypted_suffix: Templates\n'
    + '    age: ' + scalar(std.join(',', of(cluster))) + '\n'
    for cluster in told
  ]);

component(
  {
    name: 'sops-secrets-operator',
    purpose: 'makes Secrets of what stands in Git encrypted with SOPS',
    capability: 'secrets',
    option: 'sops',
    params: {
      age: 'public keys, those for which files are encrypted',
    },
  },
  {
    namespace: 'sops-secrets-operator',
    version: '0.28.0',
    age: [],
  },
  function(p, platform)
    {
      stage: stages.storage,
      crds: true,
      namespaces: { [p.namespace]: 'restricted' },
      registries: ['quay.io/isindir/'],
      images: ['quay.io/isindir/sops-secrets-operator'],
      charts: [{
        repo: 'https://isindir.github.io/sops-secrets-operator',
        name: 'sops-secrets-operator',
        version: p.version,
        includeCRDs: true,
        values: {
          image: { pullPolicy: 'IfNotPresent' },
          secretsAsFiles: why(
            [{ name: 'age', secretName: key, mountPath: '/etc/age' }],
            'Somebody must make it, for the key is not in Git. Until then nothing waits for it, and nothing is decrypted.'
          ),
          extraEnv: [{ name: 'SOPS_AGE_KEY_FILE', value: '/etc/age/keys.txt' }],
          securityContext: why({
            enabled: true,
            customPodSecurityContext: kube.user(65532),
            container: { enabled: true, customContainerSecurityContext: kube.confined },
          }, 'The image names its user, and only a number can be checked.'),
          resources: why(kube.resources('10m', '64Mi', '512Mi'), 'It holds the Secrets of all namespaces in memory.'),
        },
      }],
      patches: [
        {
          target: { kind: 'Deployment', name: 'sops-secrets-operator' },
          patch: {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            metadata: { name: 'sops-secrets-operator' },
            spec: { template: { spec: { priorityClassName: kube.critical, volumes: [{ name: 'age', secret: { optional: true } }] } } },
          },
        },
        { target: { kind: 'ClusterRole', name: 'sops-secrets-operator' }, patch: rights },
      ],
      objects: {
        'network-policy.yaml': kube.reached(
          'sops-secrets-operator', p.namespace, { matchLabels: { 'app.kubernetes.io/name': 'sops-secrets-operator' } }, platform.monitoring.peers
        ),
      },
      folders: {
        [folder]: 'What stands here is deployed to ' + platform.cluster.name + ': SopsSecrets, encrypted. README.md of this repository says how they are made.',
      },
      decisions: if keys(p, []) != [] then [] else [{
        what: 'SOPS encrypts for nobody',
        do: 'make a key as README.md says, and set components.sops-secrets-operator.params.age to its public part, such as [age1...]',
      }],
      readme: {
        section: std.strReplace(std.strReplace(manual, 'NAMESPACE', p.namespace), 'HUB', platform.spec.clusters[0].name),
        edit: '`clusters/<cluster>/' + folder + '/`: encrypted secrets.',
      },
      agents: 'Secrets are SopsSecrets in `clusters/<cluster>/' + folder + '/`, encrypted with `sops encrypt --in-place` before they are committed.',
      ignored: { 'keys.txt': 'The key of all secrets.' },
      // One file for all clusters.
      files: { [if platform.hub then '.sops.yaml']: rules(platform.spec) },
      data: [data.secret(platform, p.namespace, key, {
        what: 'the age key',
        loss: 'what SOPS has encrypted in Git, which nobody can read',
        keep: 'keep keys.txt where you keep passwords, and outside of the cluster',
        restore: '```sh\nkubectl -n ' + p.namespace + ' create secret generic ' + key + ' --from-file=keys.txt\n```\n',
      })],
      secrets: [{ name: key, namespace: p.namespace, keys: ['keys.txt'], purpose: 'what is encrypted with SOPS' }],
      waivers: waive(
        ['rbac/secrets', 'rbac/wildcard'],
        { kind: 'ClusterRole', name: 'sops-secrets-operator' },
        'Its chart lets it do everything with its own kind and with Secrets, which it makes.'
      ),
      provides:: {
        apiVersion: 'isindir.github.com/v1alpha3',
        kind: 'SopsSecret',
        folder: 'clusters/' + platform.cluster.name + '/' + folder,
      },
    },
)
