// authentication: users authenticate and are authorised.
local capability = import '../lib/capability.libsonnet';
local fact = import '../lib/fact.libsonnet';
local tier = import '../lib/tier.libsonnet';

capability({
  name: 'authentication',
  purpose: 'users authenticate and are authorised',
  vital: 'nobody logs in any more, those who would mend it among them',
  takes: tier('recommended dex', 'mandatory dex', 'mandatory dex'),
  facts: {
    issuer: fact('the URL of the OIDC issuer by which people log in, as long as anybody can: other ways in may close then'),
    endpoints: fact('its URLs, `{authorize, token, userinfo}`, for what cannot ask the issuer for them'),
    scopes: fact('the scopes that tell who somebody is, and in which groups', ['openid', 'profile', 'email', 'groups']),
    certified: fact('whether its certificate is one of `platform.certificates`', false),
    admins: fact('the groups of those who may do everything', [], outside=['platform-admins']),
    viewers: fact('the groups of those who may look at everything, but for Secrets', []),
  },
})
