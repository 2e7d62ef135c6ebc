// image-scanning: no critical vulnerabilities in images.
local capability = import '../lib/capability.libsonnet';
local tier = import '../lib/tier.libsonnet';

capability({
  name: 'image-scanning',
  purpose: 'no critical vulnerabilities in images',
  takes: tier('mandatory trivy', 'mandatory trivy-operator', 'mandatory harbor'),
})
