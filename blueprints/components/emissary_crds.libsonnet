// emissary-crds brings the kinds of Emissary, before anything uses them.
local component = import '../lib/component.libsonnet';
local kube = import '../lib/kube.libsonnet';
local stages = import '../stages.libsonnet';

component(
  { name: 'emissary-crds', purpose: 'brings the kinds of Emissary, before anything uses them' },
  { namespace: 'emissary', version: '4.1.0' },
  function(p, platform) {
    stage: stages.kinds,
    crds: true,
    charts: [{ repo: 'oci://ghcr.io/emissary-ingress', name: 'emissary-crds-chart', version: p.version, values: {} }],
    patches: [kube.without('apiextensions.k8s.io/v1', 'CustomResourceDefinition', { spec: { preserveUnknownFields: null } })],
  },
)
