// kubernetes-access lets people use the API of Kubernetes by the login of the platform.
local component = import '../lib/component.libsonnet';
local kube = import '../lib/kube.libsonnet';
local login = import '../lib/login.libsonnet';
local waive = import '../lib/waive.libsonnet';

local client = 'kubernetes';

local rbac = 'rbac.authorization.k8s.io';

// bound gives groups a ClusterRole everywhere.
local bound(name, role, groups) = if groups == [] then [] else [
  kube.object(rbac + '/v1', 'ClusterRoleBinding', name, rest={
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: role },
    subjects: [{ apiGroup: rbac, kind: 'Group', name: group } for group in groups],
  }),
];

// reads is what the ClusterRole view lacks, of the cluster as a whole.
local reads = kube.object(rbac + '/v1', 'ClusterRole', 'platform-viewers-cluster', rest={ rules: [
  { apiGroups: [''], resources: ['namespaces', 'nodes', 'persistentvolumes'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: ['storage.k8s.io'], resources: ['storageclasses'], verbs: ['get', 'list', 'watch'] },
] });

local manual = |||
  ## The API of CLUSTER for people

  The API server takes the tokens of `ISSUER`, once its flag `--authentication-config` names this file, `FILE` on each machine of the control plane:

  ```yaml
  CONFIGURATION
  ```

  LINESIt reads the file again when that changes.AUTHORITY

  People need [kubelogin](https://github.com/int128/kubelogin), and this once:

  ```sh
  kubectl config set-credentials CLUSTER-login \
    --exec-api-version=client.authentication.k8s.io/v1 --exec-interactive-mode=Never --exec-command=kubectl \
    --exec-arg=oidc-login,get-token,--oidc-issuer-url=ISSUER,--oidc-client-id=kubernetes,SCOPESTRUST
  kubectl config set-context CLUSTER-login --cluster=CLUSTER --user=CLUSTER-login
  kubectl --context=CLUSTER-login auth whoami
  ```
|||;

local private = {
  authority: ' The root of the platform signs the certificate of that page, and comes only with the bootstrap: put it\ninto the file then, as `certificateAuthority` below `issuer`. The section on certificates says how to get it.',
  trust: ',--certificate-authority=root.crt',
};

local outside = |||

  That issuer is not of this repository, and must know these clients. None has a secret; all use PKCE.

  | client | name | redirect URIs |
  | --- | --- | --- |
  CLIENTS
|||;

local row(c) = '| `' + c.id + '` | ' + c.name + ' | ' + std.join(', ', ['`' + uri + '`' for uri in c.redirectURIs]) + ' |';

component(
  { name: 'kubernetes-access', purpose: 'lets people use the API of Kubernetes by the login of the platform' },
  { namespace: 'kube-system' },
  function(p, platform)
    local served = login.serves(platform);
    local signed = served && login.authority(platform, client, p.namespace) != [];
    local text = std.foldl(
      function(text, word) std.strReplace(text, word[0], word[1]),
      [
        ['CONFIGURATION', std.manifestYamlDoc(login.configuration(platform), quote_keys=false)],
        ['AUTHORITY', if signed then private.authority else ''],
        ['SCOPES', std.join(',', ['--oidc-extra-scope=' + scope for scope in platform.authentication.scopes + ['offline_access'] if scope != 'openid'])],
        ['TRUST', if signed then private.trust else ''],
        ['FILE', platform.installation.authentication],
        ['LINES', if platform.installation.served && !platform.installation.external then '[Installation](#installation) has the lines for that. ' else ''],
        ['ISSUER', platform.authentication.issuer],
        ['CLUSTER', platform.cluster.name],
      ],
      manual
    );
    {
      objects: {
        local admins = platform.authentication.admins,
        local viewers = platform.authentication.viewers,
        'access.yaml': if !served then [] else
          bound('platform-admins', 'cluster-admin', admins)
          + bound('platform-viewers', 'view', viewers)
          + (if viewers == [] then [] else [reads])
          + bound('platform-viewers-cluster', reads.metadata.name, viewers),
      },
      clients:: login.clients([{
        id: client,
        name: 'Kubernetes of ' + platform.cluster.name,
        redirectURIs: ['http://localhost:8000', 'http://localhost:18000'],
        kubernetes: true,
      }]),
      readme: if !served then {} else {
        section: text + if platform.authentication.external then std.strReplace(outside, 'CLIENTS', std.join('\n', [row(c) for c in platform.clients])) else '',
      },
      waivers: if !served then [] else waive(
        ['rbac/cluster-admin'],
        { kind: 'ClusterRoleBinding', name: 'platform-admins' },
        'Somebody has to be able to mend everything, under a name of their own; the identity provider says who is in the group.'
      ),
    },
)
