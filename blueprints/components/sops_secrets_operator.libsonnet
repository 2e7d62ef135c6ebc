// sops-secrets-operator makes Secrets of what stands in Git encrypted with SOPS.
local component = import '../lib/component.libsonnet';
local kube = import '../lib/kube.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local key = 'sops-age';
local folder = 'secrets';

// The chart lets it do anything with all ConfigMaps, and make ServiceMonitors. Where a later version says other than
// what is tested here, the render fails.
local rights = [
  { op: 'test', path: '/rules/1/resources', value: ['configmaps', 'secrets'] },
  { op: 'replace', path: '/rules/1/resources', value: ['secrets'] },
  { op: 'replace', path: '/rules/1/verbs', value: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'] },
  { op: 'test', path: '/rules/4/resources', value: ['servicemonitors'] },
  { op: 'remove', path: '/rules/4' },
];

component(
  {
    name: 'sops-secrets-operator',
    purpose: 'makes Secrets of what stands in Git encrypted with SOPS',
    capability: 'secrets',
    option: 'sops',
  },
  {
    namespace: 'sops-secrets-operator',
    version: '0.28.0',
    age: [],  // public keys, those for which files are encrypted
  },
  function(p, platform)
    local complain(what) = error 'sops-secrets-operator: age ' + what + ': want a list of public keys, which begin with age1';
    local strange = if std.isArray(p.age) then [key for key in p.age if !std.startsWith(key, 'age1')] else complain(p.age);
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
      folders: {
        [folder]: 'What stands here is deployed to ' + platform.cluster.name + ': SopsSecrets, encrypted. README.md of this repository says how they are made.',
      },
      decisions: if strange != [] then complain(strange[0]) else if p.age != [] then [] else [{
        what: 'SOPS encrypts for nobody',
        do: 'make a key as README.md says, and set components.sops-secrets-operator.params.age to its public part, such as [age1...]',
      }],
      secrets: [{ name: key, namespace: p.namespace, keys: ['keys.txt'], purpose: 'what is encrypted with SOPS' }],
      provides:: {
        apiVersion: 'isindir.github.com/v1alpha3',
        kind: 'SopsSecret',
        folder: 'clusters/' + platform.cluster.name + '/' + folder,
      },
    },
)
