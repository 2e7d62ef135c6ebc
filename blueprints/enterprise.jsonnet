// enterprise is the platform of enterprises: scale, policies and regulations, many teams.
local platform = import 'lib/platform.libsonnet';

function(spec) platform('enterprise', import 'catalogue.libsonnet', spec)
