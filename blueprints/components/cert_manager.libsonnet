// cert-manager gets and renews certificates: from an own ECDSA root, or by ACME.
local component = import '../lib/component.libsonnet';
local data = import '../lib/data.libsonnet';
local kube = import '../lib/kube.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local directories = {
  'letsencrypt-production': 'https://acme-v02.api.letsencrypt.org/directory',
  'letsencrypt-staging': 'https://acme-staging-v02.api.letsencrypt.org/directory',
};

local issuer(name, spec) = kube.object('cert-manager.io/v1', 'ClusterIssuer', name, rest={ spec: spec });

// The root certifies for ten years and keeps its key, so that what it signed stays good when it is renewed.
local root(organisation, namespace) = [
  issuer('self-signed', { selfSigned: {} }),
  kube.object('cert-manager.io/v1', 'Certificate', 'root', namespace, { spec: {
    isCA: true,
    commonName: organisation + ' root',
    secretName: 'root-ca',
    duration: '87600h',
    renewBefore: '8760h',
    privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Never' },
    issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: 'self-signed' },
  } }),
  issuer('root', { ca: { secretName: 'root-ca' } }),
];

local trust = |||
  ## Certificates

  The pages of this platform have certificates of its own root, which no browser knows. This is the root:

  ```sh
  kubectl -n NAMESPACE get secret root-ca -o jsonpath='{.data.tls\.crt}' | base64 -d > root.crt
  openssl x509 -in root.crt -noout -subject -fingerprint -sha256
  ```

  Whoever is to trust it gets the file, and the fingerprint by another way. Debian and Ubuntu take it in `/usr/local/share/ca-certificates/` and run
  `update-ca-certificates`; Fedora and RHEL in `/etc/pki/ca-trust/source/anchors/` and run `update-ca-trust`; Firefox under its own authorities. Its key can certify any
  name: whoever may read that Secret may be anybody. Certificates that all browsers know come by ACME: `components.cert-manager.params` has `issuer` and `acmeEmail`.
|||;

local acme(email, solver) = [
  issuer(name, { acme: {
    email: email,
    server: directories[name],
    privateKeySecretRef: { name: name + '-account' },
    solvers: [solver],
  } })
  for name in std.objectFields(directories)
];

local solverImage = 'quay.io/jetstack/cert-manager-acmesolver';

// The challenge is answered by a pod beside the certificate. Where a namespace lets nothing in, it must be let in.
local answer(name, namespace) = kube.object('networking.k8s.io/v1', 'NetworkPolicy', name + '-acme', namespace, { spec: {
  podSelector: { matchLabels: { 'acme.cert-manager.io/http01-solver': 'true' } },
  policyTypes: ['Ingress'],
  ingress: [{ ports: [{ port: 8089, protocol: 'TCP' }] }],
} });

local alarms = [{ name: 'certificates', rules: [
  {
    alert: 'CertificateExpires',
    expr: 'certmanager_certificate_expiration_timestamp_seconds - time() < 7 * 86400',
    'for': '1h',
    labels: { severity: 'critical' },
    annotations: { summary: 'The certificate {{ $labels.exported_namespace }}/{{ $labels.name }} has less than a week left.' },
  },
  {
    alert: 'CertificateNotReady',
    expr: 'certmanager_certificate_ready_status{condition!="True"} == 1',
    'for': '30m',
    labels: { severity: 'warning' },
    annotations: { summary: 'The certificate {{ $labels.exported_namespace }}/{{ $labels.name }} is not there.' },
  },
] }];

component(
  {
    name: 'cert-manager',
    purpose: 'gets and renews certificates: from an own ECDSA root, or by ACME',
    capability: 'certificates',
    option: 'cert-manager',
    params: {
      issuer: 'who signs certificates of pages: `root`, an authority of the cluster itself; `letsencrypt`, or `letsencrypt-staging`',
      acmeEmail: 'where an ACME directory writes to, which asks for one',
      dns01: { type: 'object', says: 'how an ACME directory is answered in the DNS, as a solver of cert-manager has it; by default it is answered by HTTP' },
    },
  },
  { namespace: 'cert-manager', version: 'v1.21.1', replicas: tier(1, 2, 3), issuer: 'root', acmeEmail: null, dns01: null },
  function(p, platform)
    local several(n, role) = {
      replicaCount: n,
      [if n > 1 then 'podDisruptionBudget']: kube.disruptionBudget,
      [if n > 1 then 'topologySpreadConstraints']: kube.spread({
        'app.kubernetes.io/instance': 'cert-manager',
        'app.kubernetes.io/component': role,
      }),
    };
    local http01 =
      if platform.ingress.solver != null then platform.ingress.solver
      else if platform.ingress.class != null then { ingress: { ingressClassName: platform.ingress.class } }
      else error 'cert-manager: acmeEmail is set, but nothing can answer the challenge: no ingress has a class; choose capabilities.ingress or set the parameter dns01';
    local solver = if p.dns01 != null then { dns01: p.dns01 } else { http01: http01 };
    local challenged = p.acmeEmail != null && p.dns01 == null;
    local issuerName =
      if std.objectHas(directories, p.issuer) && p.acmeEmail == null then error 'cert-manager: the issuer ' + p.issuer + ' needs the parameter acmeEmail'
      else p.issuer;
    {
      stage: stages.operators,
      crds: true,
      namespaces: { [p.namespace]: 'restricted' },
      registries: ['quay.io/jetstack/'],
      images: ['quay.io/jetstack/cert-manager-' + part for part in ['cainjector', 'controller', 'startupapicheck', 'webhook']],
      charts: [{
        repo: 'https://charts.jetstack.io',
        name: 'cert-manager',
        version: p.version,
        values: several(std.min(p.replicas, 2), 'controller') {
          replicaCount: why(super.replicaCount, 'One works, a second waits for its turn; a third would wait for ever.'),
          crds: {
            enabled: why(true, 'The chart leaves its CRDs out unless told so.'),
            keep: why(true, 'Deleting the CRDs would delete every certificate.'),
          },
          global: {
            leaderElection: why({ namespace: p.namespace }, 'The chart would elect in kube-system, and need rights there.'),
            priorityClassName: why(kube.critical, kube.whyCritical),
          },
          resources: kube.resources('50m', '64Mi', '256Mi'),
          webhook: several(p.replicas, 'webhook') {
            replicaCount: why(super.replicaCount, 'While no webhook answers, no certificate can be asked for.'),
            resources: kube.resources('20m', '32Mi', '128Mi'),
          },
          cainjector: several(std.min(p.replicas, 2), 'cainjector') {
            resources: why(kube.resources('20m', '96Mi', '512Mi'), 'It holds the secrets and CRDs of all namespaces in memory.'),
          },
          [if challenged && std.objectHas(http01, 'gatewayHTTPRoute') then 'config']: {
            gatewayAPI: why({ enabled: true }, 'The ACME challenge is answered through the Gateway API. Its kinds must be there first.'),
          },
          [if platform.image(solverImage) != solverImage then 'acmesolver']: { image: { repository: platform.image(solverImage) } },
          startupapicheck: { resources: kube.resources('10m', '32Mi', '128Mi') },
        },
      }],
      objects: {
        local of(operator) = { matchExpressions: [
          { key: 'app.kubernetes.io/instance', operator: 'In', values: ['cert-manager'] },
          { key: 'app.kubernetes.io/name', operator: operator, values: ['webhook'] },
        ] },
        // The webhook is asked by the API server, the others by nobody but who measures.
        'network-policy.yaml': [
          kube.reached('cert-manager', p.namespace, of('NotIn'), platform.monitoring.peers),
          kube.asked('cert-manager-webhook', p.namespace, of('In'), 'https', platform.monitoring.peers),
        ],
      },
      extras: {
        'root.yaml': root(platform.spec.name, p.namespace),
        [if p.acmeEmail != null then 'acme.yaml']: acme(p.acmeEmail, solver),
        'monitor.yaml': platform.monitoring.podMonitor(
          'cert-manager', p.namespace, { matchLabels: { 'app.kubernetes.io/instance': 'cert-manager' } }, [{ port: 'http-metrics' }]
        ) + platform.monitoring.rules('cert-manager', p.namespace, alarms),
      },
      data: [data.secret(platform, p.namespace, 'root-ca', {
        what: 'the root of the certificates',
        loss: 'the trust of those who know the root: they have to take a new one',
        keep: 'kubectl -n ' + p.namespace + ' get secret root-ca -o yaml > root-ca.yaml, which is kept where you keep passwords',
        restore: |||
          From your copy, so that no other root is made:

          ```sh
          kubectl apply -f root-ca.yaml
          ```

          Where it comes back later, `cmctl renew --all --all-namespaces` has everything signed by it again.
        |||,
      })],
      ignored: { 'root-ca.yaml': 'The key of all certificates.' },
      readme: if issuerName == 'root' then { section: std.strReplace(trust, 'NAMESPACE', p.namespace) } else {},
      waivers: waive(
        ['reliability/readiness-probe'],
        { kind: 'Deployment', namespace: p.namespace, name: 'cert-manager' },
        'It serves its measurements alone, which are asked for by pod and not by Service.'
      ) + waive(
        ['reliability/liveness-probe', 'reliability/readiness-probe'],
        { kind: 'Deployment', namespace: p.namespace, name: 'cert-manager-cainjector' },
        'It serves its measurements alone, and the chart has no value for its probes: it ends where it cannot go on.'
      ) + waive(
        ['network/open-policy'],
        { kind: 'NetworkPolicy', namespace: p.namespace, name: 'cert-manager-webhook' },
        'The API server asks it by its webhook, and no policy can say where that stands.'
      ),
      provides:: {
        local wanted(name, namespace, secret, hosts, issuer=issuerName) = kube.object('cert-manager.io/v1', 'Certificate', name, namespace, { spec: {
          secretName: secret,
          dnsNames: hosts,
          privateKey: { algorithm: 'ECDSA', size: 256 },
          issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: issuer },
        } }),
        root: 'root',
        internal(name, namespace, hosts):: [wanted(name, namespace, name + '-tls', hosts, 'root')],
        issuer: issuerName,
        annotations: { 'cert-manager.io/cluster-issuer': issuerName },
        // certificate are the objects that fill the Secret <name>-tls.
        certificate(name, namespace, hosts):: [wanted(name, namespace, name + '-tls', hosts)]
                                              + if challenged && std.objectHas(directories, issuerName) then [answer(name, namespace)] else [],
        // circle has an authority in its own namespace, as a ClusterIssuer signs for whoever may make Certificates anywhere.
        circle(name, namespace, members)::
          local object(kind, name, spec) = kube.object('cert-manager.io/v1', kind, name, namespace, { spec: spec });
          local authority = name + '-authority';
          [
            object('Issuer', name + '-self-signed', { selfSigned: {} }),
            object('Certificate', authority, {
              isCA: true,
              commonName: authority,
              secretName: authority,
              duration: '87600h',
              renewBefore: '8760h',
              privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Never' },
              issuerRef: { group: 'cert-manager.io', kind: 'Issuer', name: name + '-self-signed' },
            }),
            object('Issuer', name, { ca: { secretName: authority } }),
          ] + [
            object('Certificate', member.name, {
              secretName: member.name + '-tls',
              commonName: member.name,
              dnsNames: if member.hosts == [] then [member.name] else member.hosts,
              privateKey: { algorithm: 'ECDSA', size: 256, encoding: 'PKCS8' },
              issuerRef: { group: 'cert-manager.io', kind: 'Issuer', name: name },
            })
            for member in members
          ],
        // authority is a certificate that nobody shows: beside it stands who signed it, in whatever namespace asks.
        authority(name, namespace, labels={}):: if std.objectHas(directories, issuerName) then [] else [
          wanted(name, namespace, name, [name + '.' + namespace + '.svc']) { spec+: { [if labels != {} then 'secretTemplate']: { labels: labels } } },
        ],
      },
    },
)
