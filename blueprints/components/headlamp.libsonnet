// headlamp shows what runs to people who do not use kubectl. It has no rights: everybody acts by their own.
local component = import '../lib/component.libsonnet';
local ingress = import '../lib/ingress.libsonnet';
local kube = import '../lib/kube.libsonnet';
local login = import '../lib/login.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'headlamp';
local labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': name };

local manual = {
  login: |||
    ## Headlamp of CLUSTER

    Headlamp shows the cluster CLUSTER at `https://HOST`. People log in, and see and do there what they may by their groups: Headlamp hands their tokens to the API server, which
    must take them.
  |||,
  token: |||
    ## Headlamp of CLUSTER

    Headlamp shows the cluster CLUSTER at `https://HOST`, to whoever has a token of the API server: what they see and do there, they may. As long as nobody can log in by the
    platform, this makes one that lasts an hour, of an account that may look at almost everything but Secrets:

    ```sh
    kubectl create serviceaccount viewer
    kubectl create clusterrolebinding viewer --clusterrole=view --serviceaccount=default:viewer
    kubectl create token viewer
    ```
  |||,
};

component(
  {
    name: name,
    purpose: 'shows what runs to people who do not use kubectl',
    capability: 'user-interface',
    option: name,
  },
  { namespace: name, version: '0.45.0', host: null },
  function(p, platform)
    local host = ingress.host(platform, name, name, p.host);
    // Nobody is to send a token in clear.
    local exposed = platform.ingress.exposes && ingress.overTLS(platform);
    local opened = exposed && login.serves(platform);
    local authority = if opened then login.authority(platform, name, p.namespace) else [];
    local callback = 'https://' + host + '/oidc-callback';
    {
      stage: stages.last,
      namespaces: { [p.namespace]: 'restricted' },
      registries: ['ghcr.io/headlamp-k8s/'],
      images: ['ghcr.io/headlamp-k8s/headlamp'],
      charts: [{
        repo: 'https://kubernetes-sigs.github.io/headlamp/',
        name: name,
        version: p.version,
        values: {
          replicaCount: why(1, 'It keeps in memory who is about to log in: another replica would know nobody.'),
          clusterRoleBinding: why({ create: false }, 'The chart would make Headlamp cluster-admin.'),
          config: {
            staticPlugins: why({ enabled: false }, 'The one for Prometheus asks it through the API server, and nobody may reach it that way; Grafana shows more.'),
            oidc: { secret: why({ create: false }, 'The client has no secret.') } + if !opened then {} else {
              clientID: name,
              issuerURL: platform.authentication.issuer,
              scopes: std.join(',', [scope for scope in platform.authentication.scopes if scope != 'openid']),
              callbackURL: callback,
              usePKCE: true,
            },
            [if authority != [] then 'extraArgs']: ['-oidc-ca-file=/etc/login/ca.crt'],
          },
          [if authority != [] then 'volumes']: [{
            name: 'login-authority',
            secret: { secretName: login.secret(name), items: [{ key: 'ca.crt', path: 'ca.crt' }] },
          }],
          [if authority != [] then 'volumeMounts']: [{ name: 'login-authority', mountPath: '/etc/login', readOnly: true }],
          podSecurityContext: { seccompProfile: { type: 'RuntimeDefault' } },
          securityContext: kube.confined { readOnlyRootFilesystem: true },
          resources: kube.resources('20m', '64Mi', '512Mi'),
        },
      }],
      clients:: if !exposed then [] else login.clients([
        { id: name, name: 'Headlamp', redirectURIs: [callback], kubernetes: true },
      ]),
      objects: {
        'login.yaml': authority,
        'network-policy.yaml': kube.reached(name, p.namespace, { matchLabels: labels }, ingress.proxies(platform)),
      },
      extras: {
        [if exposed then 'page.yaml']: platform.ingress.expose({ name: name, namespace: p.namespace, host: host, service: name, port: 80 }),
      },
      extrasStage: stages.last,
      hosts: if exposed then [host] else [],
      readme: if !exposed then {} else {
        section: std.strReplace(std.strReplace(if opened then manual.login else manual.token, 'HOST', host), 'CLUSTER', platform.cluster.name),
      },
    },
)
