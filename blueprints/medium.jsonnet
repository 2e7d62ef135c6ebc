// medium is the platform of medium companies: scalable, easy to maintain and extend.
local platform = import 'lib/platform.libsonnet';

function(spec) platform('medium', import 'catalogue.libsonnet', spec)
