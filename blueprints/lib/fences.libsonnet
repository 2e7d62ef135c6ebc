// fences set a namespace apart in which others than the platform deploy.
local kube = import 'kube.libsonnet';

local policy(name, namespace, spec) = kube.object('networking.k8s.io/v1', 'NetworkPolicy', name, namespace, { spec: spec });

{
  // namespace is one with its Pod Security level, which nothing deletes by itself; labels say whose it is.
  namespace(name, level, labels, annotations={}):: kube.object('v1', 'Namespace', name, rest={ metadata+: {
    annotations: kube.kept + annotations,
    labels: labels { ['pod-security.kubernetes.io/' + mode]: level for mode in ['audit', 'enforce', 'warn'] },
  } }),

  // meshed puts the pods of a namespace into the service mesh, where there is one.
  meshed(platform):: { metadata+: { annotations+: platform['service-mesh'].annotations, labels+: platform['service-mesh'].labels } },

  // doors are the parts of the platform that reach into it: {policy: from}.
  doors(platform)::
    local from(namespace) = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } };
    {
      [if platform.ingress.namespace != null then 'allow-ingress']: from(platform.ingress.namespace),
      [if platform.monitoring.namespace != null then 'allow-monitoring']: from(platform.monitoring.namespace),
    },

  // policies let nothing in or out of its pods, but for what these name; further ones are for those to write who deploy there.
  policies(namespace, doors):: [
    policy('default-deny', namespace, { podSelector: {}, policyTypes: ['Egress', 'Ingress'] }),
    policy('allow-dns', namespace, {
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [{
        to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } }],
        ports: [{ port: 53, protocol: 'UDP' }, { port: 53, protocol: 'TCP' }],
      }],
    }),
    policy('allow-same-namespace', namespace, {
      podSelector: {},
      policyTypes: ['Egress', 'Ingress'],
      ingress: [{ from: [{ podSelector: {} }] }],
      egress: [{ to: [{ podSelector: {} }] }],
    }),
  ] + [
    policy(name, namespace, { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: [doors[name]] }] })
    for name in std.objectFields(doors)
  ],
}
