// istio-base brings the kinds of Istio, before anything uses them.
local component = import '../lib/component.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

component(
  { name: 'istio-base', purpose: 'brings the kinds of Istio, before anything uses them' },
  { namespace: 'istio-system', version: '1.30.3' },
  function(p, platform) {
    stage: stages.kinds,
    crds: true,
    syncOptions: ['ServerSideApply=true'],
    charts: [{
      repo: 'https://istio-release.storage.googleapis.com/charts',
      name: 'base',
      version: p.version,
      values: {
        defaultRevision: why('', 'No webhook that judges objects: istiod would change it behind the back of Git. It judges what it reads, and says so there.'),
        global: { enableReaderRBAC: why(false, 'Other clusters read this one by that, and there is no mesh of several.') },
      },
    }],
  },
)
