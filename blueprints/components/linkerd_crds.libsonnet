// linkerd-crds brings the kinds of Linkerd, before anything uses them.
local component = import '../lib/component.libsonnet';
local kube = import '../lib/kube.libsonnet';
local stages = import '../stages.libsonnet';

component(
  { name: 'linkerd-crds', purpose: 'brings the kinds of Linkerd, before anything uses them' },
  { namespace: 'linkerd', version: '2026.8.3' },
  function(p, platform) {
    stage: stages.kinds,
    crds: true,
    charts: [{ repo: 'https://helm.linkerd.io/edge', name: 'linkerd-crds', version: p.version, values: {} }],
    patches: [kube.without('apiextensions.k8s.io/v1', 'CustomResourceDefinition', { status: null })],
  },
)
