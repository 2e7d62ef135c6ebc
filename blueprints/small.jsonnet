// small is the platform of very small companies: plain Kubernetes and what serves it.
local platform = import 'lib/platform.libsonnet';

function(spec) platform('small', import 'catalogue.libsonnet', spec)
